/**
 * What an adapter does to the process that it runs in, besides what it returns: it is noticed, told, and kept from
 * harm.
 */
import { setTimeout as delay } from "node:timers/promises";
import { AdapterError } from "./adapter-error.ts";

export interface WatchOptions {
  /** How the adapter is named in messages. */
  readonly named: string;
  readonly note: (text: string) => void;
  readonly fail: (error: AdapterError) => void;
}

export interface ProcessWatch extends Disposable {
  /**
   * Waits until nothing more keeps the process alive than when the watch began.
   * @returns what still does after `patienceMs`, as `2 TCPSocketWrap, 1 Timeout`; undefined when nothing does.
   */
  leftOver(patienceMs: number): Promise<string | undefined>;
}

/** Standard output is not the adapter's to write to, and the process not its to end. Until it is disposed of. */
export function watchProcess({ named, note, fail }: WatchOptions): ProcessWatch {
  const { exit, stdout } = process;
  const write = stdout.write;
  // They are there from when they are first looked at, and are not the adapter's.
  void process.stderr;
  const before = handles();
  process.exit = (code) => {
    const error = new AdapterError({
      adapter: named,
      problem: `calls process.exit(${code ?? ""})`,
      thrown: new Error("called from here"),
      remedy: "it must throw or reject instead: the process is not its own",
    });
    fail(error);
    throw error;
  };
  let told = false;
  const noticing: typeof process.stdout.write = (...args: unknown[]) => {
    if (!told)
      note(`${named} writes to the standard output: that goes to its process's log, as environment.log() does`);
    told = true;
    return Reflect.apply(write, stdout, args) as boolean;
  };
  stdout.write = noticing;
  const uncaught = (thrown: unknown): void => {
    fail(
      new AdapterError({
        adapter: named,
        problem: "threw an error that nobody caught, which ends a process by default",
        thrown,
        remedy:
          'catch it where it is made: in a timer, or a promise that nobody awaits; a client of yours throws it when nobody listens for its errors (client.on("error", …))',
      }),
    );
  };
  process.on("uncaughtException", uncaught);
  return {
    leftOver: (patienceMs) => leftOver(before, patienceMs),
    [Symbol.dispose]() {
      process.exit = exit;
      stdout.write = write;
      process.off("uncaughtException", uncaught);
    },
  };
}

/** What keeps this process alive at present, by kind: `{ TCPSocketWrap: 2, Timeout: 1 }`. */
type Handles = ReadonlyMap<string, number>;

/** These come and go with every turn of the event loop. */
const PASSING = new Set(["Immediate", "TickObject"]);

function handles(): Handles {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (!PASSING.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const POLL_MS = 20;

async function leftOver(before: Handles, patienceMs: number): Promise<string | undefined> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const more = [...handles()].flatMap(([kind, count]) => {
      const added = count - (before.get(kind) ?? 0);
      return added > 0 ? [`${added} ${kind}`] : [];
    });
    if (more.length === 0) return undefined;
    if (performance.now() > until) return more.join(", ");
    await delay(POLL_MS, undefined, { ref: false });
  }
}
