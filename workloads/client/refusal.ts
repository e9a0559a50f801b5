/** Whether an error says that a command was certainly not carried out. */
import { outcomeOf } from "../outcomes.ts";

/** How ioredis and node-redis call an error reply of the server; node-redis has it as the name of the class only. */
const REPLY_ERRORS = new Set(["ReplyError", "ErrorReply", "SimpleError", "BlobError"]);

/** An error reply of the server, of whichever library. */
export function isReply(error: unknown): boolean {
  return error instanceof Error && (REPLY_ERRORS.has(error.name) || REPLY_ERRORS.has(error.constructor.name));
}

/**
 * By the server's own word only. That a connection was refused, or was not up, says nothing of a client that may have
 * sent the command before.
 */
export function refusedByServer(error: unknown): boolean {
  if (!(error instanceof Error) || !isReply(error)) return false;
  const reply = Object.assign(new Error(error.message), { name: "ReplyError" });
  return outcomeOf(reply, { reads: false }).type === "fail";
}
