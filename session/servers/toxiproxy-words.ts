/** How a Toxiproxy is named in one word. */
import { UsageError } from "../../machine/usage-error.ts";
import type { ToxiproxyChoice } from "../../runner/equipment/choose-toxiproxy.ts";

/**
 * @param text `embedded`, `http://127.0.0.1:8474`, or an image such as `ghcr.io/shopify/toxiproxy:2.12.0`.
 * @throws UsageError.
 */
export function toxiproxyChoice(text: string): ToxiproxyChoice {
  if (text === "embedded") return { kind: "embedded" };
  const choices = "embedded, a URL such as http://127.0.0.1:8474, or an image such as ghcr.io/shopify/toxiproxy";
  if (/^https?:\/\//.test(text)) {
    const url = URL.parse(text);
    if (url === null || url.search !== "" || url.hash !== "" || !/^\/*$/.test(url.pathname))
      throw new UsageError(`The URL must be no more than scheme, host and port. It is ${choices}.`);
    return { kind: "url", url: url.origin };
  }
  if (/^(?:localhost|\d+\.\d+\.\d+\.\d+)(?::\d+)?$/.test(text))
    throw new UsageError(`A URL begins with http://, as in http://${text}.`);
  if (!/^[\w.-]+(?::\d+)?(?:\/[\w.-]+)*(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/.test(text))
    throw new UsageError(`It is ${choices}.`);
  return { kind: "image", image: text };
}

/** The choice as it is written on a command line. */
export function toxiproxyText(choice: ToxiproxyChoice): string {
  switch (choice.kind) {
    case "embedded":
      return "embedded";
    case "url":
      return choice.url;
    case "image":
      return choice.image;
  }
}
