/** Operations in a few words, for explanations. */
import type { Json } from "../../../history/operation.ts";
import type { Entries } from "../entries.ts";
import type { Step } from "../model.ts";
import { stepOf } from "../prepare/prepare.ts";

/** The operation of an entry as a model sees it. */
export function stepAt({ columns, call, input, output }: Entries, entry: number): Step {
  return stepOf(columns, { call: call[entry] ?? 0, input: input[entry] ?? 0, output: output[entry] ?? -1 });
}

/** Such as `write 3`, `read → 3` or `cas [1,2] (unknown)`. */
export function wordsOf({ f, input, output }: Step): string {
  const asked = input === null ? f : `${f} ${shortened(input)}`;
  if (output === undefined) return `${asked} (unknown)`;
  return output === null || JSON.stringify(output) === JSON.stringify(input)
    ? input === null
      ? `${f} → null`
      : asked
    : `${asked} → ${grantIn(output) ?? shortened(output)}`;
}

/**
 * A grant by its name: what the client was told besides, such as until when it is valid, is nothing that a lock's model
 * looks at.
 */
function grantIn(output: Json): string | undefined {
  if (typeof output !== "object" || output === null || Array.isArray(output)) return undefined;
  const { grant, token } = output as { readonly [field: string]: Json };
  if (typeof grant !== "string") return undefined;
  return token === undefined ? `grant ${grant}` : `grant ${grant} (token ${shortened(token)})`;
}

/** Such as `write 3 of process 1`. */
export function nameOf(entries: Entries, entry: number): string {
  return `${wordsOf(stepAt(entries, entry))} of process ${entries.columns.process[entries.call[entry] ?? 0] ?? 0}`;
}

export function shortened(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 30)}…${text.slice(-40)}`;
}
