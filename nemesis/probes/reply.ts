/** What a server says, be it an error or not. */
import type { Node } from "../../hosts/host.ts";

export interface Reply {
  /** True for an error reply, such as `-OOM …`. */
  readonly error: boolean;
  /** A string as it is, anything else as JSON. */
  readonly text: string;
}

/** Sends one command over the node's own connection. @throws when the server says nothing at all. */
export async function reply(node: Node, ...command: readonly (string | number)[]): Promise<Reply> {
  try {
    const answer = await node.command(...command);
    return { error: false, text: typeof answer === "string" ? answer : JSON.stringify(answer) };
  } catch (error) {
    if ((error as Error).name !== "ReplyError") throw error;
    return { error: true, text: (error as Error).message };
  }
}

export async function replyText(node: Node, ...command: readonly (string | number)[]): Promise<string> {
  return (await reply(node, ...command)).text;
}

/** One field of INFO or CLUSTER INFO, as a number; NaN when it is not there. */
export function infoNumber(info: string, field: string): number {
  return Number(new RegExp(`^${field}:(\\S+?)\\r?$`, "m").exec(info)?.[1] ?? Number.NaN);
}
