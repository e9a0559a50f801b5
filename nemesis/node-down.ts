/** Looks whether a node is really down, and whether it is really back. */
import type { ProbeResult } from "../history/nemesis-event.ts";
import type { Node } from "../hosts/host.ts";
import { WELCOMES } from "../network/protocol.ts";
import { SILENCE_MS } from "./fault.ts";
import { answersWithin } from "./ping.ts";

/** Down: no such process, and nothing answers on its port. */
export async function probeDown(node: Node): Promise<ProbeResult> {
  const state = await node.state();
  const answered = await answersWithin(node, SILENCE_MS);
  return {
    ok: state === "dead" && !answered,
    saw: `the process table shows ${node.name} as ${state}; its port ${answered ? "answers" : "does not answer"}`,
  };
}

/** Back: it answers as one does that is ready for clients. */
export async function probeBack(node: Node): Promise<ProbeResult> {
  const answer = await node.greet();
  return {
    ok: answer === WELCOMES[node.protocol],
    saw: `${node.name} runs again as process ${node.pid()} and answers ${answer}`,
  };
}
