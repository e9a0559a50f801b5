/**
 * Libraries that hold a lock while a routine runs, and free it when that ends: the routine begins with the grant, and
 * ends with the release.
 */
import type { Held } from "../adapter.ts";

type Routine = (signal: AbortSignal) => Promise<void>;

/** The routines of one client. */
export class Routines {
  /** Ends each that has begun and not ended. */
  readonly #open = new Set<() => Promise<unknown>>();

  /**
   * @param call calls the library with such a routine, which is handed the library's loss signal
   * @throws what the call rejects with before it has run the routine; Error when it settles without having run it
   */
  async held(
    call: (routine: Routine) => Promise<unknown>,
  ): Promise<Required<Pick<Held, "release" | "signal" | "outcome">>> {
    const begun = Promise.withResolvers<AbortSignal>();
    const ending = Promise.withResolvers<void>();
    const outcome = call((signal) => {
      begun.resolve(signal);
      return ending.promise;
    });
    const withoutRoutine = outcome.then((): never => {
      throw new Error("the library has settled the call, and has not run the routine");
    });
    const signal = await Promise.race([begun.promise, withoutRoutine]);
    // From now on `outcome` is for those who ask for it: where nobody does, it must not end the process.
    withoutRoutine.catch(() => undefined);
    const release = (): Promise<unknown> => {
      this.#open.delete(release);
      ending.resolve();
      return outcome;
    };
    this.#open.add(release);
    return { release, signal, outcome };
  }

  /**
   * Ends those that nobody has ended: a library keeps a lock alive for as long as its routine runs. What they come to
   * nobody asks any more.
   */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#open].map((end) => end()));
  }
}
