/** Calls of an adapter: what it does not settle in time is told, and what it does wrong ends the run. */
import { LongTimeout } from "../../machine/long-timeout.ts";
import type { AdapterEnvironment, AnyAdapter } from "./adapter.ts";
import { AdapterError } from "./adapter-error.ts";

const OPEN_DEADLINE_MS = 15_000;

export interface GuardOptions {
  /** How the adapter is named in messages. */
  readonly named: string;
  /** How long a call may take before that is told, in milliseconds; one that waits on purpose has that time beyond. */
  readonly deadlineMs: number;
  /** Told once for each method that does not settle in time. */
  readonly note: (text: string) => void;
  /** Called when the adapter does what it must not. */
  readonly fail: (error: AdapterError) => void;
}

/** @throws AdapterError when it cannot be opened. */
export async function openInTime(
  adapter: AnyAdapter,
  environment: AdapterEnvironment,
  { named }: Pick<GuardOptions, "named">,
): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        new AdapterError({
          adapter: named,
          problem: `has not opened within ${OPEN_DEADLINE_MS} ms`,
          remedy: "open() must settle by itself; every server is up and no fault acts when it is called",
        }),
      ),
    OPEN_DEADLINE_MS,
  );
  try {
    return await Promise.race([(async () => adapter.open(environment))(), late.promise]);
  } catch (error) {
    if (error instanceof AdapterError) throw error;
    const remedy = "open() must not throw: every server is up and no fault acts when it is called";
    throw new AdapterError({ adapter: named, problem: "throws in open()", thrown: error, remedy });
  } finally {
    clearTimeout(timer);
  }
}

export class GuardedCalls {
  readonly #options: GuardOptions;
  readonly #told = new Set<string>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Calls the adapter; a method that throws instead of rejecting rejects all the same. */
  async call<T>(method: string, deadlineMs: number, body: () => Promise<T>): Promise<T> {
    const timer = new LongTimeout(() => this.#tell(method, deadlineMs), deadlineMs).unref();
    try {
      return await body();
    } catch (error) {
      if (error instanceof AdapterError) this.#options.fail(error);
      throw error;
    } finally {
      timer.clear();
    }
  }

  #tell(method: string, deadlineMs: number): void {
    if (this.#told.has(method)) return;
    this.#told.add(method);
    this.#options.note(
      `${method}() of ${this.#options.named} has not settled within ${deadlineMs} ms: nobody knows what became of it`,
    );
  }
}
