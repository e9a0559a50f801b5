/** Random histories of sets and registers, with final reads, nodes, and a fault that cuts one node off. */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { EventType, Json } from "../../history/operation.ts";
import type { Row } from "./history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "./history-of.ts";

const step = fc.record({
  client: fc.nat(2),
  action: fc.nat(11),
  waitMs: fc.nat(3),
  pick: fc.nat(7),
  other: fc.nat(15),
});

export function arbitraryValues(kind: "set" | "register"): fc.Arbitrary<History> {
  return fc
    .tuple(fc.array(step, { maxLength: 40, size: "max" }), fc.array(fc.tuple(fc.nat(1), fc.nat(15)), { maxLength: 3 }))
    .map(([steps, finals]) => {
      const rows: Row[] = [phaseRow(0, "load")];
      const processes = [0, 1, 2];
      const open = new Map<number, { f: string; value: Json }>();
      const faulted = { inject: false, heal: false };
      let [ms, unique] = [0, 0];
      const found = (pick: number, bits: number): Json => {
        if (kind === "register") return bits === 0 ? null : pick + (bits % 4);
        return [0, 1, 2, 3].filter((bit) => (bits & (1 << bit)) !== 0).map((bit) => 1 + ((bit * 3 + pick) % 9));
      };
      for (const { client, action, waitMs, pick, other } of steps) {
        ms += waitMs;
        const process = processes[client] ?? 0;
        const pending = open.get(process);
        const key = other % 3 === 0 ? "y" : "x";
        if (action === 11) {
          const stage = !faulted.inject ? "inject" : !faulted.heal ? "heal" : undefined;
          if (stage === undefined) continue;
          faulted[stage] = true;
          const more = { fault: "cut", detail: { isolated: ["n1"] } };
          rows.push(faultRow(ms, "partition", stage, ["n1"], more));
          rows.push(faultRow(ms + 1, "partition", stage === "inject" ? "active" : "healed", ["n1"], more));
          continue;
        }
        if (pending === undefined) {
          unique += 1;
          const next =
            action < 4
              ? { f: "read", value: [key, null] }
              : { f: kind === "set" ? "add" : "write", value: [key, unique] };
          rows.push(row(ms, process, "invoke", next.f, next.value));
          open.set(process, next);
          continue;
        }
        const type: EventType = action < 1 ? "info" : action < 4 ? "fail" : "ok";
        const at = (pending.value as Json[])[0] ?? "x";
        const value = pending.f === "read" && type === "ok" ? [at, found(pick, other)] : pending.value;
        rows.push(row(ms, process, type, pending.f, value, other < 12 ? { node: `n${1 + (pick % 2)}` } : {}));
        open.delete(process);
        if (type === "info") processes[client] = process + 10;
      }
      rows.push(phaseRow(ms, "heal"), phaseRow(ms + 1, "final"));
      // One write that ends while the final reads go on.
      const straggler: Json = ["x", (unique += 1)];
      const write = kind === "set" ? "add" : "write";
      rows.push(row(ms + 1, 1000, "invoke", write, straggler), row(ms + 3, 1000, "ok", write, straggler));
      for (const [i, [which, bits]] of finals.entries()) {
        const key = which === 0 ? "x" : "y";
        rows.push(
          row(ms + 2 + i, 99, "invoke", "read", [key, null]),
          row(ms + 2 + i, 99, "ok", "read", [key, found(bits % 8, bits)]),
        );
      }
      return historyOf(rows);
    });
}
