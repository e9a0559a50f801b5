/**
 * What a plan would have this machine execute, beyond its own choice among what redquake brings along: a plan may come
 * from a stranger. Each is one line for people, which is also the permission to give.
 */
import type { Json } from "../../history/operation.ts";
import type { Plan } from "../../history/plan.ts";
import { plannedConfig } from "../../systems/config-lines.ts";
import { QUEUE_NAMES } from "../../workloads/jobs/queue-library.ts";
import type { AdapterSource } from "../../workloads/adapter/adapter-source.ts";
import { shippedName, sourceInPlan } from "../../workloads/adapter/adapter-source.ts";
import { ADAPTER_KINDS, SHELVES } from "../../workloads/adapter-kinds.ts";

/**
 * In the order of the plan, each once:
 * - `command: python3 my_lock.py in /home/me/locks` and `file: /home/me/my-lock.ts`, an adapter,
 * - `package: redlock@4.0.0`, a library of a version that redquake does not name itself,
 * - `module: /home/me/my-kinds.ts`, a module with kinds of the user's own,
 * - `config: loadmodule /tmp/x.so`, a line of a server's configuration, which can load modules and write files,
 * - `redis: EVAL … 0`, a command that a fault sends to a server.
 * @throws TypeError when an adapter, a configuration or a fault is not what it must be.
 */
export function codeIn(plan: Plan): string[] {
  const all = [plan.options, ...plan.workers.map(({ options }) => options)];
  const given = (name: string): Json[] => all.flatMap((options) => options[name] ?? []);
  return [
    ...new Set([
      ...(plan.modules ?? []).map(moduleCode),
      ...given("adapter").flatMap((adapter) => codeOfSource(sourceInPlan(adapter))),
      // With an adapter, the name of what the campaign brings along is only a name.
      ...ADAPTER_KINDS.flatMap(({ kind, shelf }) =>
        unnamed(
          all.flatMap(({ adapter, [kind]: name }) => (adapter === undefined && name !== undefined ? [name] : [])),
          shelf.names,
        ),
      ),
      ...unnamed(given("queue"), QUEUE_NAMES),
      ...plannedConfig(plan.system.options).map((line) => `config: ${line}`),
      ...plan.faults.flatMap(({ options }) => [options["command"], options["undo"]].flatMap(codeOfCommand)),
    ]),
  ];
}

export function moduleCode(file: string): string {
  return `module: ${file}`;
}

function codeOfSource(source: AdapterSource): string[] {
  switch (source.kind) {
    case "command":
      return [`command: ${source.command} in ${source.folder}`];
    case "file":
      return [`file: ${source.file}`];
    case "shipped":
      return unnamed(
        [shippedName(source)],
        SHELVES.flatMap(({ names }) => names),
      );
  }
}

/** Another version than those that redquake names is installed from the registry of npm. */
function unnamed(names: readonly Json[], known: readonly string[]): string[] {
  return names
    .filter((name) => typeof name === "string")
    .filter((name) => !known.includes(name))
    .map((name) => `package: ${name}`);
}

function codeOfCommand(command: Json | undefined): string[] {
  if (command === undefined) return [];
  const words = Array.isArray(command) ? command : [command];
  return [`redis: ${words.map(String).join(" ")}`];
}
