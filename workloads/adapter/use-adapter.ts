/** An adapter in a worker: loaded, opened with what it gets to work with, watched, and closed. */
import type { Json } from "../../history/operation.ts";
import type { WorkerSurroundings } from "../workload.ts";
import type { AdapterEnvironment, AnyAdapter } from "./adapter.ts";
import { sourceInPlan, sourceName } from "./adapter-source.ts";
import type { GuardOptions } from "./guarded-calls.ts";
import type { AdapterKind } from "./kind.ts";
import { loadAdapter } from "./load-adapter.ts";
import type { EnvironmentWishes } from "./open-environment.ts";
import { workerEnvironment } from "./open-environment.ts";
import { watchProcess } from "./watch-process.ts";

/** How long what an adapter has closed may take to be gone. */
const LEAK_PATIENCE_MS = 2_000;

export interface AdapterWishes extends EnvironmentWishes {
  /** One that redquake brings along. */
  readonly name: string;
  /** An adapter instead: where its code is. */
  readonly source: Json | undefined;
  /** See `GuardOptions`. */
  readonly deadlineMs: number;
}

/** What a worker uses an adapter with. */
export interface AdapterInUse<Adapter extends AnyAdapter> {
  readonly adapter: Adapter;
  readonly environment: AdapterEnvironment;
  readonly guard: GuardOptions;
  /** Whether it is not redquake's own. */
  readonly foreign: boolean;
  /**
   * To be called when the adapter is open: resolves when every connection that it asked for is up.
   * @throws AdapterError when it has taken sentinels for servers.
   */
  connected(): Promise<void>;
}

/**
 * Resolves when `use` has, which closes what it has opened.
 * @throws AdapterError when the adapter does what it must not.
 */
export async function useAdapter<Adapter extends AnyAdapter>(
  context: WorkerSurroundings,
  kind: AdapterKind<Adapter>,
  wishes: AdapterWishes,
  use: (inUse: AdapterInUse<Adapter>) => Promise<void>,
): Promise<void> {
  const failure = Promise.withResolvers<never>();
  const source = wishes.source === undefined ? undefined : sourceInPlan(wishes.source);
  const guard: GuardOptions = {
    named: source === undefined ? wishes.name : sourceName(source),
    deadlineMs: wishes.deadlineMs,
    note: (text) => context.note(text),
    fail: failure.reject,
  };
  const useOwn = async (): Promise<void> => {
    const { environment, connected } = workerEnvironment(context, wishes);
    await use({ adapter: kind.shelf.named(wishes.name), environment, guard, foreign: false, connected });
  };
  /** Code that is not redquake's own: what it does to the process is watched, and what it leaves there. */
  const useForeign = async (from: NonNullable<typeof source>): Promise<void> => {
    using watch = watchProcess(guard);
    const { adapter } = await loadAdapter(from, [kind]);
    const { environment, assertServersFound, connected, close } = workerEnvironment(context, wishes);
    await use({
      adapter,
      environment,
      guard,
      foreign: true,
      connected: () => {
        assertServersFound(guard.named);
        return connected();
      },
    });
    close();
    const left = await watch.leftOver(LEAK_PATIENCE_MS);
    if (left !== undefined)
      context.note(
        `${guard.named} leaves something behind that keeps its process alive after close() (${left}): the process is ended by redquake`,
      );
  };
  await Promise.race([source === undefined ? useOwn() : useForeign(source), failure.promise]);
}
