/** What the process of a run and the one that wants the run tell each other. */
import type { Plan } from "../../history/plan.ts";
import type { RedquakeError } from "../../machine/redquake-error.ts";
import type { ToxiproxyChoice } from "../equipment/choose-toxiproxy.ts";
import type { Progress } from "../progress.ts";
import type { RunResult } from "../run.ts";

/** Where all runs of a process run. */
export interface RunPlace {
  readonly kind: "docker" | "process";
  /** Why there, see `HostSource`. */
  readonly reason: string | undefined;
  /** The server, see `HostOptions`. */
  readonly redis: string | undefined;
  readonly toxiproxy: ToxiproxyChoice;
}

/** What does not differ from run to run. */
export interface RunBase extends RunPlace {
  /** The mark of the process that wants the runs, see `clean.ts`. */
  readonly coordinator: string;
}

export interface RunOrder {
  readonly base: RunBase;
  readonly plan: Plan;
  readonly results: string;
  readonly commandLine: string;
  /** Whether it waits for a `go-on` before it stops. */
  readonly holds: boolean;
}

export type ToRunProcess =
  | { readonly kind: "run"; readonly order: RunOrder }
  /** Heal, save and clean up. */
  | { readonly kind: "interrupt" }
  | { readonly kind: "go-on" }
  /** There is no time for that: remove what is on a Toxiproxy that others use, too. */
  | { readonly kind: "abandon" };

export type FromRunProcess =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "began"; readonly folder: string }
  | { readonly kind: "held"; readonly addresses: readonly string[] }
  | { readonly kind: "ended"; readonly result: RunResult }
  | { readonly kind: "failed"; readonly error: ErrorFacts }
  | { readonly kind: "abandoned"; readonly error: ErrorFacts | undefined };

/** An error between processes, which by itself would lose its name. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Only for an error that was thrown on purpose. */
  readonly known?: Pick<RedquakeError, "code" | "origin">;
}
