/** Workers of a campaign: the compiler refuses unknown roles, and options that a role does not take. */
import type { Plan, WorkerPlan } from "../../history/plan.ts";
import type { RoleName, RoleOptionsOf, WorkloadName } from "../../workloads/registry.ts";
import type { Workload } from "../../workloads/role.ts";

/** A workload that redquake has, by its name, or one of your own. */
export type AnyWorkload = WorkloadName | Workload;

/** A worker of a plan; its seed is drawn from the plan's. */
export interface DeclaredWorker<Name extends string = string, Options = WorkerPlan["options"]> {
  readonly name: string;
  readonly role: Name;
  readonly options: Options;
}

/** Options that all workers share: each of them is one of a role of theirs. */
export type SharedOptions<Work extends AnyWorkload, Name extends string> = string extends Name
  ? Plan["options"]
  : Merged<Name extends unknown ? RoleOptionsOf<Work, Name> : never>;

type Merged<Each> = {
  readonly [Option in Each extends unknown ? keyof Each : never]?: Each extends unknown
    ? Option extends keyof Each
      ? Each[Option]
      : never
    : never;
};

/**
 * Anything, where every worker has a role of the workload and options of that role; else a type that no list of workers
 * has, whose one field says in a sentence what is wrong.
 */
export type Checked<Work extends AnyWorkload, Worker> = [Wrong<Work, Worker>] extends [never]
  ? unknown
  : { readonly [Sentence in Wrong<Work, Worker>]: never };

type Wrong<Work extends AnyWorkload, Worker> =
  Worker extends DeclaredWorker<infer Name, infer Options>
    ? string extends Name
      ? never
      : Name extends RoleName<Work>
        ? WrongOption<Name, Options, RoleOptionsOf<Work, Name>>
        : `there is no role ${Name}`
    : never;

/** Options whose names are not known before the campaign is loaded are left to the check of the plan. */
type WrongOption<Name extends string, Options, Known> = string extends keyof Options
  ? never
  : {
      [Option in keyof Options & string]: Option extends keyof Known
        ? Options[Option] extends Known[Option]
          ? never
          : `the option ${Option} of ${Name} has another type`
        : `the role ${Name} has no option ${Option}`;
    }[keyof Options & string];

/** A worker that gets nothing but what all share. */
type NoOptions = Readonly<Record<string, never>>;

/** Workers of one role, named `w<first>` and on. */
export function workers<Name extends string>(
  role: Name,
  count: number,
  first?: number,
): DeclaredWorker<Name, NoOptions>[];
export function workers<Name extends string, const Options extends WorkerPlan["options"]>(
  role: Name,
  count: number,
  first: number,
  options: Options,
): DeclaredWorker<Name, Options>[];
export function workers(role: string, count: number, first = 1, options: WorkerPlan["options"] = {}): DeclaredWorker[] {
  return Array.from({ length: count }, (_, i) => ({ name: `w${first + i}`, role, options }));
}

/** The worker that makes the final reads; no fault touches it. */
export function reader(): DeclaredWorker<"reader", NoOptions>;
export function reader<Name extends string>(role: Name, name: string): DeclaredWorker<Name, NoOptions>;
export function reader<Name extends string, const Options extends WorkerPlan["options"]>(
  role: Name,
  name: string,
  options: Options,
): DeclaredWorker<Name, Options>;
export function reader(role = "reader", name = "reader", options: WorkerPlan["options"] = {}): DeclaredWorker {
  return { name, role, options };
}
