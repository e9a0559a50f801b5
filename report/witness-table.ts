/**
 * The operations of a witness, one a line, each with a bar from its invocation to its completion: what overlaps what
 * can be seen.
 */
import type { Columns } from "../history/columns/columns.ts";
import { NEMESIS_PROCESS, NO_PARTNER, TYPE, TYPE_NAMES } from "../history/columns/columns.ts";
import { NEMESIS } from "../history/operation.ts";

const MAX_ROWS = 40;
const MAX_VALUE = 60;
/** Moments beyond this many are not told apart. */
const MAX_BAR = 60;

interface WitnessRow {
  readonly line: string;
  readonly process: string;
  readonly what: string;
  /** Positions in the witness; `to` is undefined where the outcome is not known. */
  readonly from: number;
  readonly to: number | undefined;
}

/**
 * @param named indexes of events, rising; the other event of each operation is shown with it, where the history has
 * one.
 */
export function witnessTable(columns: Columns, named: readonly number[]): string[] {
  const witness = wholeOperations(columns, named);
  const rows = rowsOf(columns, witness);
  const header = { line: columns.line === undefined ? "index" : "line", process: "process", what: "operation" };
  const shown = rows.slice(0, MAX_ROWS);
  const width = (field: keyof typeof header): number =>
    Math.max(header[field].length, ...shown.map((row) => row[field].length));
  const [lines, processes, whats] = [width("line"), width("process"), width("what")];
  const table = [header, ...shown].map((row) =>
    [row.line.padStart(lines), row.process.padStart(processes), row.what.padEnd(whats), bar(row, witness.length)]
      .join("  ")
      .trimEnd(),
  );
  return rows.length > MAX_ROWS ? [...table, `… ${rows.length} operations in all`] : table;
}

function wholeOperations({ partner }: Columns, named: readonly number[]): number[] {
  const events = named.flatMap((event) => {
    const other = partner[event] ?? NO_PARTNER;
    return other === NO_PARTNER ? [event] : [event, other];
  });
  return [...new Set(events)].sort((a, b) => a - b);
}

function rowsOf(columns: Columns, witness: readonly number[]): WitnessRow[] {
  const placeOf = new Map(witness.map((event, place) => [event, place]));
  const rows: WitnessRow[] = [];
  witness.forEach((event, place) => {
    const partner = columns.partner[event] ?? NO_PARTNER;
    const isCompletion = columns.type[event] !== TYPE.invoke;
    // It stands in the row of its invocation.
    if (isCompletion && placeOf.has(partner)) return;
    const end = isCompletion ? place : placeOf.get(partner);
    const isKnown = end !== undefined && columns.type[witness[end] ?? 0] !== TYPE.info;
    rows.push({
      line: String(columns.line?.[event] ?? event),
      process: processOf(columns, event),
      what: wordsFor(columns, event, end === undefined ? undefined : witness[end]),
      from: place,
      to: isKnown ? end : undefined,
    });
  });
  return rows;
}

function processOf({ process, processNames }: Columns, event: number): string {
  const number = process[event] ?? NEMESIS_PROCESS;
  return number === NEMESIS_PROCESS ? NEMESIS : String(processNames?.get(number) ?? number);
}

/** `read → 3`, `write 3`, `cas [1,2]: info`. */
function wordsFor(columns: Columns, event: number, completion: number | undefined): string {
  const f = columns.names[columns.f[event] ?? 0] ?? "";
  const asked = valueText(columns, event);
  const begun = asked === "null" ? f : `${f} ${asked}`;
  if (completion === undefined) return `${begun}: no completion`;
  const type = TYPE_NAMES[columns.type[completion] ?? 0] ?? "";
  const answer = valueText(columns, completion);
  const changed = answer === asked || completion === event || answer === "null" ? "" : ` → ${answer}`;
  const isRead = asked === "null" && answer === "null" && type === "ok" && /read|get|dequeue/.test(f);
  return `${begun}${isRead ? " → null" : changed}${type === "ok" ? "" : `: ${type}`}`;
}

function valueText({ tape, value }: Columns, event: number): string {
  const text = JSON.stringify(tape.json(value[event] ?? 0));
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

function bar(row: object, moments: number): string {
  if (!("from" in row)) return "";
  const { from, to } = row as WitnessRow;
  const scale = Math.min(1, (MAX_BAR - 1) / Math.max(1, moments - 1));
  const start = Math.round(from * scale);
  const end = Math.round((to ?? moments - 1) * scale);
  if (to === undefined) return `${" ".repeat(start)}|${"-".repeat(Math.max(1, end - start))}?`;
  return start === end ? `${" ".repeat(start)}|` : `${" ".repeat(start)}|${"-".repeat(end - start - 1)}|`;
}
