/** Locks on other systems, each by a library: every grant has a number, and the resource refuses lower ones. */
import type { DeclaredClaim } from "../declare/declare.ts";
import { promised } from "../declare/declare.ts";
import { KLEPPMANN } from "../declare/sources.ts";

/** @param token what is the token, and its name in a later grant's */
function fence(token: string, name: string): readonly DeclaredClaim[] {
  return [
    promised(
      "resource",
      `${token} as a fencing token keeps former holders from writing to the resource.`,
      KLEPPMANN,
      "lock-resource",
    ),
    promised("token-order", `A later grant has a higher ${name}.`, KLEPPMANN, "lock-token-order"),
  ];
}

export const ETCD = {
  /** What is asked for; a lease lives at least as long as one and a half election timeouts, which is this too. */
  options: { lock: "etcd3@1.1.2", ttlMs: 2_000 },
  fence: fence("The revision", "revision"),
} as const;

export const ZOOKEEPER = {
  /** The time to live is the session's; it is seen to be over at the end of a tick. */
  options: { lock: "node-zookeeper-client@1.1.3", ttlMs: 2_000 },
  fence: fence("The transaction's id", "transaction id"),
} as const;
