/**
 * From an error to an outcome: `fail` only when the operation certainly did not happen, `info` when in doubt.
 * The table was checked against ioredis 6.0.0 and Redis 7 by tests that provoke each row.
 */

/**
 * Error replies of Redis that say that nothing was done
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors).
 */
const REFUSALS = new Set([
  "MOVED",
  "ASK",
  "CROSSSLOT",
  "CLUSTERDOWN",
  "TRYAGAIN",
  "READONLY",
  "LOADING",
  "MASTERDOWN",
  "NOREPLICAS",
  "MISCONF",
  "OOM",
  "BUSY",
  "NOAUTH",
  "NOSCRIPT",
  "WRONGTYPE",
  "EXECABORT",
  "UNBLOCKED",
]);

/** What Redis adds to an error that was raised inside a script: the script may have written something before. */
const INSIDE_SCRIPT = /script: |user_script/;

/** Errors of the connection that come before a byte was sent. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** ioredis, when a command meets a connection that is not up and may not wait for it. */
const OFFLINE = "Stream isn't writeable and enableOfflineQueue options is false";

/** ioredis in Sentinel mode, when no sentinel named a primary: nothing was sent to any. */
const NO_PRIMARY = "All sentinels are unreachable";

export interface Circumstances {
  /** The operation changes nothing, so it does not matter whether it happened. */
  readonly reads: boolean;
}

export function outcomeOf(error: unknown, circumstances: Circumstances): { type: "fail" | "info"; error: string } {
  const message = error instanceof Error ? error.message : String(error);
  return {
    type: circumstances.reads || certainlyNotDone(error, message) ? "fail" : "info",
    error: message.slice(0, 300),
  };
}

function certainlyNotDone(error: unknown, message: string): boolean {
  if (message.startsWith(OFFLINE) || message.startsWith(NO_PRIMARY)) return true;
  const code = (error as { code?: unknown }).code;
  if (typeof code === "string" && NEVER_SENT.has(code)) return true;
  if (!(error instanceof Error) || error.name !== "ReplyError") return false;
  return REFUSALS.has(message.split(" ", 1)[0] ?? "") && !INSIDE_SCRIPT.test(message);
}
