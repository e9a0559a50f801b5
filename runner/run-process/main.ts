/** The entry of a process that makes runs, one after the other. */
import { abandonOwnProxies, chooseToxiproxy } from "../equipment/choose-toxiproxy.ts";
import { chooseHost } from "../equipment/choose-host.ts";
import { loadOwnModules } from "../plan/own-modules.ts";
import { runPlan } from "../run-plan.ts";
import type { RunOptions } from "../run.ts";
import { nameSourcesInStacks } from "../../machine/source-stacks.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";
import type { ErrorFacts, FromRunProcess, RunBase, RunOrder, ToRunProcess } from "./messages.ts";

nameSourcesInStacks();

type Found = Pick<Required<RunOptions>, "host" | "toxiproxy">;

/** Looked for once. The process that wants the runs has told the user already what takes time. */
let found: Promise<Found> | undefined;
let interrupt = new AbortController();
let goOn: (() => void) | undefined;

// The process that wants the runs was killed. The next call cleans up.
process.on("disconnect", () => process.exit(1));
process.on("message", (message: ToRunProcess) => {
  switch (message.kind) {
    case "run":
      void run(message.order);
      break;
    case "interrupt":
      interrupt.abort();
      break;
    case "go-on":
      goOn?.();
      break;
    case "abandon":
      abandonOwnProxies().then(
        () => send({ kind: "abandoned", error: undefined }),
        (error: unknown) => send({ kind: "abandoned", error: factsOf(error) }),
      );
  }
});

async function run({ base, plan, results, commandLine, holds }: RunOrder): Promise<void> {
  interrupt = new AbortController();
  const hold = (addresses: readonly string[]): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    goOn = resolve;
    send({ kind: "held", addresses });
    return promise;
  };
  try {
    await loadOwnModules(plan);
    const result = await runPlan(plan, {
      ...(await (found ??= find(base))),
      coordinator: base.coordinator,
      results,
      redis: undefined,
      commandLine,
      observer: (progress) => send({ kind: "progress", progress }),
      began: (folder) => send({ kind: "began", folder }),
      signal: interrupt.signal,
      ...(holds ? { hold } : {}),
    });
    send({ kind: "ended", result });
  } catch (error) {
    send({ kind: "failed", error: factsOf(error) });
  }
}

async function find({ kind, redis, reason, toxiproxy: choice }: RunBase): Promise<Found> {
  const say = (): void => undefined;
  const [host, toxiproxy] = await Promise.all([chooseHost({ host: kind, redis, say }), chooseToxiproxy(choice, say)]);
  return { host: { ...host, reason }, toxiproxy };
}

function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  const known = error instanceof RedquakeError ? { known: { code: error.code, origin: error.origin } } : {};
  return { name, message, ...(stack === undefined ? {} : { stack }), ...known };
}

function send(message: FromRunProcess): void {
  // Nobody is left to be told when the channel is closed.
  if (process.connected) process.send?.(message, () => undefined);
}
