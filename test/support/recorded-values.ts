/** Whether what the clients of a run have recorded is what their workloads declare. */
import type { History } from "../../history/history.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import type { Plan } from "../../history/plan.ts";
import type { OperationSchema, Vocabulary } from "../../history/vocabulary/operation-values.ts";
import { VOCABULARIES } from "../../history/vocabulary/vocabularies.ts";

const KNOWN: { readonly [workload: string]: Vocabulary } = VOCABULARIES;

/** One sentence for each event whose value is not declared; the first few are enough. */
export function undeclaredValues({ workload, workers }: Plan, { operations }: History): string[] {
  const workloads = new Map(
    workers.map(({ name, role }) => [name, role.includes(":") ? (role.split(":")[0] ?? "") : workload]),
  );
  const wrong: string[] = [];
  for (const { f, invoke, completion } of operations) {
    const words = KNOWN[workloads.get(invoke.worker ?? "") ?? ""]?.[f];
    if (words === undefined) wrong.push(`event ${invoke.index}: nobody declares that ${invoke.worker} records ${f}`);
    else
      for (const event of [invoke, completion])
        if (event !== undefined && !isDeclared(event, words))
          wrong.push(`event ${event.index}: ${event.type} of ${f} with ${JSON.stringify(event.value)}`);
    if (wrong.length > 3) break;
  }
  return wrong;
}

/** An operation that threw has the value of its invocation. */
function isDeclared({ type, value }: HistoryEvent, { invoke, ok, fail = invoke }: OperationSchema): boolean {
  if (type === "ok") return ok.safeParse(value).success;
  return invoke.safeParse(value).success || (type === "fail" && fail.safeParse(value).success);
}
