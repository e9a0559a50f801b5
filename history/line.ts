/**
 * One line of a history file: reading it with every field checked, and writing it. The vocabulary is in
 * `docs/history.md`.
 */
import { isTooDeep } from "./readers/depth.ts";
import { MOST_DEPTH } from "./limits.ts";
import type { FaultStage } from "./nemesis-event.ts";
import { PHASES } from "./nemesis-event.ts";
import type { EventType, HistoryEvent, Json } from "./operation.ts";
import { NEMESIS } from "./operation.ts";

/** An event as a file has it: other tools leave out the index, or the time. */
export type ParsedLine = Omit<HistoryEvent, "index" | "time"> & {
  readonly index: number | undefined;
  readonly time: number | undefined;
};

const TYPES: ReadonlySet<unknown> = new Set<EventType>(["invoke", "ok", "fail", "info"]);
const STAGES: ReadonlySet<unknown> = new Set<FaultStage>(["inject", "active", "heal", "healed", "not-fired"]);
const KNOWN_PHASES: ReadonlySet<unknown> = new Set(PHASES);

/**
 * Reads one line. Fields that the vocabulary does not have are left out.
 * @throws SyntaxError that says what is wrong with the line; the caller knows where the line is.
 */
export function parseLine(text: string): ParsedLine {
  // The event itself is one.
  if (isTooDeep(text, MOST_DEPTH + 1)) throw new SyntaxError(`a value is nested more than ${MOST_DEPTH} deep`);
  const raw: unknown = JSON.parse(text);
  if (!isRecord(raw)) throw new SyntaxError(`an event is a JSON object, not ${shown(raw)}`);
  const { index, time, process, type, f, node, worker, attempts } = raw;
  const error = errorText(raw["error"]);
  if (index !== undefined && !isCount(index)) throw wrong("index", index, "an integer from 0, or left out");
  if (time !== undefined && !(typeof time === "number" && time >= 0 && Number.isFinite(time))) {
    throw wrong("time", time, "nanoseconds since the start of the run (0 or more), or left out");
  }
  if (!(process === NEMESIS || Number.isSafeInteger(process)))
    throw wrong("process", process, `an integer, or "${NEMESIS}"`);
  if (!TYPES.has(type)) throw wrong("type", type, "invoke, ok, fail or info");
  if (typeof f !== "string" || f === "") throw wrong("f", f, "the name of what was done, such as acquire");
  if (node !== undefined && typeof node !== "string") throw wrong("node", node, "the name of a node, or left out");
  if (worker !== undefined && typeof worker !== "string")
    throw wrong("worker", worker, "the name of a worker, or left out");
  if (attempts !== undefined && !isCount(attempts)) throw wrong("attempts", attempts, "a count, or left out");
  // Everything in `raw` came out of JSON.parse.
  const value = (raw["value"] ?? null) as Json;
  if (process === NEMESIS) checkNemesisValue(f, value);
  return {
    index,
    time,
    process: process as number | typeof NEMESIS,
    type: type as EventType,
    f,
    value,
    ...(error === undefined ? undefined : { error }),
    ...(node === undefined ? undefined : { node }),
    ...(worker === undefined ? undefined : { worker }),
    ...(attempts === undefined ? undefined : { attempts }),
  };
}

/**
 * An error may be any JSON value, such as `["not-found", "lease"]` in Jepsen's histories: one that is no text is its
 * JSON text, and null is none.
 */
function errorText(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  return typeof error === "string" ? error : JSON.stringify(error);
}

/** An event as one line, without the line's end; index and time come first. */
export function formatLine(event: HistoryEvent): string {
  const { index, time, process, type, f, value, ...rest } = event;
  return JSON.stringify({ index, time, process, type, f, value, ...rest });
}

/**
 * What the checkers read out of the nemesis's events (see `nemesis-event.ts`) must have its shape; what other tools put
 * there is free.
 * @throws SyntaxError
 */
export function checkNemesisValue(f: string, value: Json): void {
  if (f === "phase") {
    if (!isRecord(value) || !KNOWN_PHASES.has(value["phase"])) {
      throw wrong("value of a phase", value, `{"phase": one of ${PHASES.join(", ")}}`);
    }
    return;
  }
  if (f === "cut-short") {
    if (!isRecord(value) || typeof value["reason"] !== "string")
      throw wrong("value of cut-short", value, `{"reason": a text}`);
    return;
  }
  if (!isRecord(value)) return;
  if (f === "links") {
    if (!isCount(value["links"]) || !isTexts(value["failed"])) {
      throw wrong("value of links", value, `{"links": a count, "failed": a list of texts}`);
    }
    return;
  }
  if (f === "unsettled") {
    const { waitedFor, waitedMs, saw } = value;
    if (typeof waitedFor !== "string" || typeof waitedMs !== "number" || typeof saw !== "string") {
      throw wrong("value of unsettled", value, `{"waitedFor": a text, "waitedMs": a number, "saw": a text}`);
    }
    return;
  }
  if (f === "traffic") {
    const { sent } = value;
    if (!isRecord(sent) || !Object.values(sent).every(isCount)) {
      throw wrong("value of traffic", value, `{"sent": a count of bytes for each worker}`);
    }
    return;
  }
  if (!("fault" in value) || !("stage" in value)) return;
  const { fault, stage, target, title, probe } = value;
  if (typeof fault !== "string") throw wrong("fault", fault, "the fault's id");
  if (!STAGES.has(stage)) throw wrong("stage", stage, `one of ${[...STAGES].join(", ")}`);
  if (!isTexts(target)) throw wrong("target", target, "a list of names");
  if (typeof title !== "string") throw wrong("title", title, "a text");
  if (
    probe !== undefined &&
    !(isRecord(probe) && typeof probe["ok"] === "boolean" && typeof probe["saw"] === "string")
  ) {
    throw wrong("probe", probe, `{"ok": true or false, "saw": a text}`);
  }
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function wrong(field: string, value: unknown, remedy: string): SyntaxError {
  return new SyntaxError(`${field} is ${shown(value)}; it must be ${remedy}`);
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === Infinity) return "more than a number can be";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
