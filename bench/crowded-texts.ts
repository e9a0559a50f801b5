/**
 * Texts by key under a crowd of clients that are served unfairly: a few go on at once, and most have an operation open
 * for a long time. One late `get` answers an older text. What is open for long can stand almost anywhere, so that such
 * a history has many orders to look at.
 */
import { columnsOf } from "../history/columns/columns.ts";
import type { Columns } from "../history/columns/columns.ts";
import type { EventType, HistoryEvent, Json } from "../history/operation.ts";
import { drawFrom } from "./draw.ts";

export interface Crowd {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  readonly seed: number;
}

interface Open {
  readonly f: "get" | "append";
  readonly key: string;
  readonly text: string;
  /** What it found, when it has taken effect. */
  found?: readonly string[];
}

/** Clients that are served, and one in how many turns another one takes the place of one of them. */
const SERVED = 6;
const TURNS = 60;
/** The `get` that is wrong misses so many of the last appends. */
const MISSED = 20;

export function crowdedTexts({ operations, clients, keys, seed }: Crowd): Columns {
  const draw = drawFrom(seed);
  const events: { process: number; type: EventType; f: string; value: Json }[] = [];
  const texts = new Map<string, readonly string[]>();
  const open = new Map<number, Open>();
  const answers: { readonly event: number; readonly key: string; readonly found: readonly string[] }[] = [];
  const served = Array.from({ length: SERVED }, (_, i) => i);
  let begun = 0;
  const begin = (process: number): void => {
    const key = String(draw(keys));
    const f = draw(2) === 0 ? "get" : "append";
    const text = `x ${process} ${begun} y`;
    begun += 1;
    events.push({ process, type: "invoke", f, value: [key, f === "get" ? null : text] });
    open.set(process, { f, key, text });
  };
  for (let process = 0; process < clients; process += 1) begin(process);
  while (open.size > 0) {
    if (draw(TURNS) === 0) served[draw(SERVED)] = draw(clients);
    const process = begun < operations ? (served[draw(SERVED)] ?? 0) : draw(clients);
    const operation = open.get(process);
    if (operation === undefined) {
      if (begun < operations) begin(process);
      continue;
    }
    const { f, key, text, found } = operation;
    if (found === undefined) {
      const held = texts.get(key) ?? [];
      operation.found = held;
      if (f === "append") texts.set(key, [...held, text]);
      continue;
    }
    if (f === "get") answers.push({ event: events.length, key, found });
    events.push({ process, type: "ok", f, value: [key, f === "get" ? found.join("") : text] });
    open.delete(process);
  }
  const wrong = answers[Math.floor(answers.length * 0.9)];
  const answer = wrong === undefined ? undefined : events[wrong.event];
  if (wrong === undefined || answer === undefined) throw new Error("the history has no get");
  answer.value = [wrong.key, wrong.found.slice(0, -MISSED).join("")];
  return columnsOf({ events: events.map((event, index): HistoryEvent => ({ ...event, index, time: index })) });
}
