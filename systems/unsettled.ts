/**
 * Waiting for a system to be whole, and what is said when it does not become so: a finding about the system, and no
 * failure of the harness.
 */
import { awaitCondition } from "../machine/await-condition.ts";
import { HostError } from "../machine/host-error.ts";
import type { Node } from "../hosts/host.ts";

/** How long a topology may take to form or to become whole again. */
export const FORM_TIMEOUT_MS = 30_000;

/** Nobody needs to know it more exactly. */
const STEP_MS = 100;

export class UnsettledError extends HostError {
  override readonly code = "REDQUAKE_UNSETTLED";
  /** Completes the sentence "waited in vain for …". */
  readonly waitedFor: string;
  readonly waitedMs: number;
  /** What the nodes said in the end. */
  readonly saw: string;

  constructor(waitedFor: string, waitedMs: number, saw: string) {
    super(`gave up waiting for ${waitedFor} after ${Math.round(waitedMs)} ms: ${saw}`);
    this.waitedFor = waitedFor;
    this.waitedMs = waitedMs;
    this.saw = saw;
  }
}

/**
 * Resolves when `isWhole` says yes.
 * @param isWhole may throw a HostError where waiting makes no sense any more
 * @param what completes the sentence "gave up waiting for …"
 * @param tell what one node says that runs, in a few words; what it throws is told in its place
 * @throws UnsettledError with what every node says then
 */
export async function awaitWhole(
  what: string,
  nodes: readonly Node[],
  isWhole: () => Promise<boolean>,
  tell: (node: Node) => Promise<string>,
): Promise<void> {
  const started = performance.now();
  try {
    await awaitCondition(what, FORM_TIMEOUT_MS, async () => ((await isWhole()) ? true : undefined));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const waitedMs = STEP_MS * Math.round((performance.now() - started) / STEP_MS);
    throw new UnsettledError(what, waitedMs, await told(nodes, tell));
  }
}

/** Those that are neither down nor stopped: while a fault keeps one so, nobody waits for what it says. */
export async function runningAmong(nodes: readonly Node[]): Promise<Node[]> {
  const states = await Promise.all(nodes.map((node) => node.state()));
  return nodes.filter((_, i) => states[i] === "running");
}

async function told(nodes: readonly Node[], tell: (node: Node) => Promise<string>): Promise<string> {
  const said = await Promise.all(
    nodes.map(async (node) => {
      if (node.pid() === undefined) return `${node.name} is down`;
      try {
        return `${node.name} ${await tell(node)}`;
      } catch (error) {
        return `${node.name} could not be asked (${(error as Error).message})`;
      }
    }),
  );
  return said.join("; ");
}
