/** What a stream delivers to a group of consumers: at least once. */
import type { CheckerOptionsOf } from "../../checkers/registry.ts";
import { hoped, promised } from "../declare/declare.ts";
import { STREAMS_PAGE } from "../declare/sources.ts";

/** @param minMessages fewer show nothing */
export function streamClaims(minMessages: number) {
  const delivery = (property: CheckerOptionsOf<"delivery">["property"]): CheckerOptionsOf<"delivery"> => ({
    send: "add",
    audience: "group",
    property,
    minMessages,
  });
  return {
    noLoss: promised(
      "no-loss",
      "Every entry that was added is delivered to some consumer and acknowledged in the end.",
      STREAMS_PAGE,
      "delivery",
      delivery("no-loss"),
    ),
    noDuplicate: hoped(
      "no-duplicate",
      "No entry is delivered twice.",
      STREAMS_PAGE,
      "delivery",
      delivery("no-duplicate"),
    ),
    noPhantom: promised(
      "no-phantom",
      "No consumer gets an entry that nobody added.",
      STREAMS_PAGE,
      "delivery",
      delivery("no-phantom"),
    ),
  };
}
