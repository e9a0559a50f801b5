/**
 * A store, one writer, a reader, and users whose copies are never older than the grace: a cache that is right, however
 * late its writes are carried out, and whatever the store loses.
 */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { Row } from "./history-of.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";

export const GRACE_MS = 10;
const KEY = { key: "k" };
const WRITER = 1;
const READER = 4;
const LOAD_MS = 200;
const END_MS = 300;

export interface Simulation {
  /** The store forgets what it had since some moment, now and then. */
  readonly loses: boolean;
  /** Users' copies stay as they are from the middle of the load on. */
  readonly freezes?: boolean;
}

const write = fc.record({
  pauseMs: fc.nat(12),
  takesMs: fc.integer({ min: 1, max: 6 }),
  within: fc.nat(100),
  end: fc.constantFrom("ok", "ok", "ok", "ok", "info"),
  lateMs: fc.nat(60),
  tells: fc.boolean(),
});
const look = fc.record({ atMs: fc.nat(END_MS), takesMs: fc.nat(4), within: fc.nat(100), user: fc.nat(2) });

export function simulatedCache({ loses, freezes = false }: Simulation): fc.Arbitrary<History> {
  return fc
    .record({
      writes: fc.array(write, { maxLength: 14, size: "max" }),
      looks: fc.array(look, { maxLength: 50, size: "max" }),
      losses: fc.array(fc.record({ atMs: fc.nat(LOAD_MS), backMs: fc.nat(40) }), { maxLength: loses ? 3 : 0 }),
    })
    .map(({ writes, looks, losses }) => {
      const rows: Row[] = [phaseRow(0, "load"), phaseRow(LOAD_MS, "heal"), phaseRow(END_MS - 20, "final")];
      const changes: { readonly at: number; readonly version: number; readonly done: () => void }[] = [];
      let ms = 1;
      let process = WRITER;
      const ends: (() => void)[] = [];
      for (const [i, { pauseMs, takesMs, within, end, lateMs, tells }] of writes.entries()) {
        ms += pauseMs;
        if (ms > LOAD_MS) break;
        const value = { ...KEY, version: i + 1, how: tells ? "direct" : "set" };
        const [from, to, writing] = [ms, ms + takesMs, process];
        rows.push(row(from, writing, "invoke", "write", value));
        let before: number | undefined;
        const at = end === "ok" ? from + (takesMs * within) / 101 : from + lateMs;
        changes.push({ at, version: i + 1, done: () => (before = versionAt(at, i + 1)) });
        ends.push(() => {
          const told = end === "ok" && tells && before !== undefined ? { ...value, before } : value;
          rows.push(row(to, writing, end, "write", told));
        });
        ms = to + 0.5;
        if (end === "info") process += 10;
      }
      // What the store has over time: each change, and each loss, which takes it back to what it had.
      const timeline = [{ at: 0, version: 0 }];
      const versionAt = (time: number, but?: number): number =>
        timeline.findLast(({ at, version }) => at <= time && version !== but)?.version ?? 0;
      /** What the store has now, above all that it would go back to. */
      const kept = [{ at: 0, version: 0 }];
      const events = [
        ...changes.map(({ at, version, done }) => ({
          at,
          act: () => {
            done();
            kept.push({ at, version });
            timeline.push({ at, version });
          },
        })),
        ...losses.map(({ atMs, backMs }) => ({
          at: atMs,
          act: () => {
            while (kept.length > 1 && (kept.at(-1)?.at ?? 0) > atMs - backMs) kept.pop();
            timeline.push({ at: atMs, version: kept.at(-1)?.version ?? 0 });
          },
        })),
      ].sort((a, b) => a.at - b.at);
      for (const { act } of events) act();
      for (const end of ends) end();
      const busyUntil = [0, 0, 0];
      const copyOf = [0, 0, 0];
      for (const { atMs, takesMs, within, user } of looks.toSorted((a, b) => a.atMs - b.atMs)) {
        const from = Math.max(atMs, (busyUntil[user] ?? 0) + 0.25);
        const to = from + takesMs;
        if (to >= END_MS) continue;
        busyUntil[user] = to;
        if (user === 2) {
          const version = versionAt(from + (takesMs * within) / 100);
          rows.push(
            row(from, READER, "invoke", "read-store", KEY),
            row(to, READER, "ok", "read-store", { ...KEY, version }),
          );
          continue;
        }
        const frozen = freezes && from > LOAD_MS / 2;
        // A moment that the copy may be of; never before that of the copy that it had.
        const earliest = Math.max(copyOf[user] ?? 0, from - GRACE_MS);
        if (!frozen) copyOf[user] = earliest + ((to - earliest) * within) / 100;
        const version = versionAt(Math.max(0, copyOf[user] ?? 0));
        rows.push(
          row(from, 2 + user, "invoke", "read", KEY),
          row(to, 2 + user, "ok", "read", { ...KEY, version, before: true, after: true }),
        );
      }
      return historyOf(rows);
    });
}
