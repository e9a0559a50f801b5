/**
 * Random histories of jobs: runs that begin, make side effects, ask for their completion, a worker that is killed, and
 * what is there in the end.
 */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { EventType, Json } from "../../history/operation.ts";
import type { Row } from "./history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "./history-of.ts";

const WORKERS = 4;

const step = fc.record({
  client: fc.nat(WORKERS - 1),
  action: fc.nat(11),
  waitMs: fc.nat(2),
  job: fc.nat(3),
  run: fc.nat(4),
  more: fc.array(fc.record({ job: fc.nat(3), run: fc.option(fc.nat(4), { freq: 4 }) }), { maxLength: 5 }),
});

const jobOf = (job: number) => ({ channel: job === 0 ? "b" : "a", message: `p:${job}` });

/** The killed worker is `w1`; some runs are never seen to begin, as other tools may not record it. */
export const arbitraryJobs: fc.Arbitrary<History> = fc
  .tuple(fc.array(step, { maxLength: 60, size: "max" }), fc.option(fc.nat(50), { freq: 5 }), fc.nat(10), fc.boolean())
  .map(([steps, killedAt, actsAfter, ends]) => {
    const rows: Row[] = [phaseRow(0, "load")];
    const open = new Map<number, { f: string; value: Json }>();
    const processes = Array.from({ length: WORKERS }, (_, i) => i);
    let ms = 0;
    for (const { client, action, waitMs, job, run, more } of steps) {
      ms += waitMs;
      const process = processes[client] ?? 0;
      const asked = { ...jobOf(job), run: `r${run}` };
      const pending = open.get(process);
      if (pending === undefined) {
        const next =
          action < 5
            ? { f: "deliver", value: { channel: asked.channel } }
            : action < 7
              ? { f: "effect", value: asked }
              : action < 10
                ? { f: "ack", value: asked }
                : { f: action === 10 ? "effects" : "jobs", value: { channel: asked.channel } };
        rows.push(row(ms, process, "invoke", next.f, next.value));
        open.set(process, next);
        continue;
      }
      const type: EventType = action < 2 ? "info" : action < 4 ? "fail" : "ok";
      rows.push(row(ms, process, type, pending.f, type === "ok" ? found(pending, asked, more) : pending.value));
      open.delete(process);
      if (type === "info") processes[client] = process + 10;
    }
    if (killedAt !== null) {
      rows.push(faultRow(killedAt, "kill", "inject", ["w1"]));
      if (actsAfter < 8) rows.push(faultRow(killedAt + actsAfter, "kill", "active", ["w1"]));
    }
    if (ends) rows.push(phaseRow(ms + 1, "final"));
    return historyOf(rows);
  });

function found(
  { f, value }: { readonly f: string; readonly value: Json },
  asked: { readonly channel: string; readonly message: string; readonly run: string },
  more: readonly { readonly job: number; readonly run: number | null }[],
): Json {
  const { channel } = value as { channel: string };
  if (f === "deliver") return { channel, message: asked.message, run: asked.run, start: 1 };
  if (f !== "effects" && f !== "jobs") return value;
  const entries = more.map(({ job, run }) => ({ message: jobOf(job).message, run: run === null ? null : `r${run}` }));
  return { channel, [f]: f === "effects" ? entries.filter(({ run }) => run !== null) : entries };
}
