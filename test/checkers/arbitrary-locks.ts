/** Random histories of locks: well formed, and otherwise as wrong as chance makes them. */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { EventType, Json } from "../../history/operation.ts";
import type { Row } from "./history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "./history-of.ts";

interface Step {
  readonly client: number;
  readonly action: number;
  readonly waitMs: number;
  readonly pick: number;
  readonly flag: boolean;
  /** 0 and 1: what is done with a lock besides using it; else what its library can say of it. */
  readonly more: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  client: fc.nat(2),
  action: fc.nat(11),
  waitMs: fc.nat(3),
  pick: fc.nat(7),
  flag: fc.boolean(),
  more: fc.nat(9),
});

/** Most say until when they hold, as libraries do. */
const VOICES: { readonly [more: number]: readonly string[] } = {
  2: [],
  3: ["isHeld"],
  4: ["signal", "validUntil"],
  5: ["signal"],
};

interface Client {
  process: number;
  open: { f: string; value: Json } | undefined;
}

export interface LockSettings {
  readonly faults: boolean;
  /** Whether the resource's log is read in the end. */
  readonly log: boolean;
}

export function arbitraryLocks({ faults, log }: LockSettings): fc.Arbitrary<History> {
  return fc
    .tuple(fc.array(step, { maxLength: 40, size: "max" }), fc.nat(12))
    .map(([steps, loadEnd]) => interpret(steps, { faults, log }, loadEnd));
}

function interpret(steps: readonly Step[], settings: LockSettings, loadEndAfter: number): History {
  const rows: Row[] = [phaseRow(0, "load")];
  const clients: Client[] = [0, 1, 2].map((process) => ({ process, open: undefined }));
  const grants: { id: string; key: string; worker: string }[] = [];
  const lost = new Set<string>();
  const released = new Set<string>();
  const log: { [key: string]: Json[] } = { a: [], b: [] };
  const faultState = new Map<string, "active" | "healed">();
  let [ms, seq] = [0, 0];
  const complete = (client: Client, type: EventType, value: Json, error?: string): void => {
    rows.push(row(ms, client.process, type, client.open?.f ?? "", value, error === undefined ? {} : { error }));
    client.open = undefined;
    if (type === "info") client.process += 10;
  };
  for (const { client: which, action, waitMs, pick, flag, more } of steps) {
    ms += waitMs;
    const client = clients[which];
    if (client === undefined) continue;
    if (action >= 10) {
      if (!settings.faults) continue;
      const name = pick === 7 ? "kill" : pick === 6 ? "partition" : `pause-w${which}`;
      const kind = name.split("-")[0] ?? name;
      const target = kind === "partition" ? ["n1"] : [`w${which}`];
      const state = faultState.get(name);
      if (state === undefined) rows.push(faultRow(ms, kind, "inject", target, { fault: name }));
      else if (state === "active") rows.push(faultRow(ms, kind, "healed", target, { fault: name }));
      faultState.set(name, state === undefined ? "active" : "healed");
      continue;
    }
    const { open } = client;
    if (open === undefined) {
      const grant = grants.at(-1 - (pick % 3)) ?? { id: "nobody", key: "a", worker: "w0" };
      const fields = { key: grant.key, grant: grant.id };
      if (more === 9 && action > 7 && grants.length > 0) {
        // The holder is told so by itself.
        const [process, { worker }] = [100 + lost.size, grant];
        if (lost.has(grant.id)) continue;
        lost.add(grant.id);
        rows.push(
          row(ms, process, "invoke", "lost", fields, { worker }),
          row(ms, process, "ok", "lost", fields, { worker }),
        );
        continue;
      }
      if (action < 4 || grants.length === 0) client.open = { f: "acquire", value: flag && action === 0 ? "b" : "a" };
      else if (action < 8 && more < 2) client.open = { f: more === 0 ? "extend" : "belief", value: fields };
      else if (action < 6) client.open = { f: "read", value: fields };
      else if (action < 8)
        client.open = { f: "write", value: { ...fields, value: pick, held: flag, remainingMs: pick } };
      else if (!released.has(grant.id)) client.open = { f: "release", value: fields };
      else continue;
      if (client.open.f === "release") released.add(grant.id);
      rows.push(row(ms, client.process, "invoke", client.open.f, client.open.value));
      continue;
    }
    const { f, value } = open;
    if (action < 2) complete(client, "info", value, "timeout");
    else if (f === "acquire") {
      if (action < 4) complete(client, "fail", value, "taken");
      else {
        const key = value === "b" ? "b" : "a";
        const id = `g${grants.length}`;
        grants.push({ id, key, worker: `w${which}` });
        complete(client, "ok", {
          key,
          grant: id,
          ...(VOICES[more]?.includes("validUntil") === false ? {} : { validForMs: pick }),
          ...(VOICES[more] === undefined ? {} : { says: VOICES[more] }),
          ...(pick === 5 ? {} : { token: pick + grants.length }),
        });
      }
    } else if (f === "extend" || f === "belief") {
      const fields = value as { key: string; grant: string };
      if (f === "belief") complete(client, "ok", { ...fields, held: flag });
      else if (action < 5) complete(client, "fail", value, "not extended");
      else complete(client, "ok", { ...fields, ...(more < 2 ? {} : { validForMs: pick }) });
    } else if (f === "release") complete(client, "ok", { ...(value as { key: string; grant: string }), freed: flag });
    else {
      const { key, grant } = value as { key: string; grant: string };
      const accepted = action < 9;
      const seen = f === "read" ? pick % 3 : ((value as { value: number }).value ?? 0);
      seq += 1;
      log[key]?.push({ seq, op: f, grant, value: seen, accepted });
      if (accepted) complete(client, "ok", { key, grant, value: seen, seq });
      else complete(client, "fail", { key, grant }, "stale-token");
    }
  }
  const loadEnd = Math.max(0, ms - loadEndAfter);
  rows.push(phaseRow(loadEnd, "heal"), phaseRow(ms + 1, "final"));
  if (settings.log) {
    for (const key of ["a", "b"]) {
      rows.push(row(ms + 2, 99, "invoke", "log", key), row(ms + 2, 99, "ok", "log", { key, entries: log[key] ?? [] }));
    }
  }
  return historyOf(rows);
}

/** Random grants of one key, each by a client of its own, with every release late or early as chance has it. */
export function arbitraryGrants(): fc.Arbitrary<History> {
  const grant = fc.record({
    asked: fc.nat(20),
    waited: fc.nat(4),
    validForMs: fc.integer({ min: 0, max: 14 }),
    tells: fc.constantFrom("end", "end", "time to live", "both", "nothing"),
    ttlMs: fc.integer({ min: 1, max: 12 }),
    attempt: fc.nat(5),
    kept: fc.nat(10),
    answered: fc.nat(8),
    outcome: fc.constantFrom("freed", "not freed", "lost", "never"),
  });
  return fc.array(grant, { minLength: 2, maxLength: 7, size: "max" }).map((grants) =>
    historyOf(
      grants.flatMap(({ asked, waited, validForMs, tells, ttlMs, attempt, kept, answered, outcome }, i): Row[] => {
        const [key, id, got] = ["a", `g${i}`, asked + waited];
        const told = {
          ...(tells === "end" || tells === "both" ? { validForMs } : {}),
          ...(tells === "time to live" || tells === "both" ? { ttlMs, attemptMs: attempt } : {}),
        };
        const rows = [
          row(asked, i, "invoke", "acquire", key),
          row(got, i, "ok", "acquire", { key, grant: id, ...told }),
        ];
        rows.push(row(got + kept, i, "invoke", "release", { key, grant: id }));
        const end = got + kept + answered;
        if (outcome === "lost") rows.push(row(end, i, "info", "release", { key, grant: id }));
        if (outcome === "freed" || outcome === "not freed") {
          rows.push(row(end, i, "ok", "release", { key, grant: id, freed: outcome === "freed" }));
        }
        return rows;
      }),
    ),
  );
}

/**
 * Random grants of one key with tokens, each by a client of its own, after attempts that may have taken longer than the
 * time to live.
 */
export function arbitraryTokens(): fc.Arbitrary<History> {
  const grant = fc.record({
    asked: fc.nat(12),
    waited: fc.nat(12),
    attempt: fc.nat(12),
    ttlMs: fc.integer({ min: 1, max: 8 }),
    kept: fc.nat(10),
    released: fc.boolean(),
    token: fc.nat(9),
  });
  return fc.array(grant, { minLength: 2, maxLength: 7, size: "max" }).map((grants) =>
    historyOf(
      grants.flatMap(({ asked, waited, attempt, ttlMs, kept, released, token }, i): Row[] => {
        const fields = { key: "a", grant: `g${i}` };
        const got = asked + waited;
        return [
          row(asked, i, "invoke", "acquire", "a"),
          row(got, i, "ok", "acquire", { ...fields, ttlMs, attemptMs: attempt, token }),
          ...(released
            ? [row(got + kept, i, "invoke", "release", fields), row(got + kept, i, "ok", "release", fields)]
            : []),
        ];
      }),
    ),
  );
}

/** Random logs of the resource: few grants, few values, and nothing that makes sense. */
export function arbitraryLogs(): fc.Arbitrary<History> {
  const entry = fc.record({
    op: fc.constantFrom("read", "write"),
    grant: fc.constantFrom("g0", "g1", "g2"),
    value: fc.nat(2),
    accepted: fc.nat(9).map((die) => die > 0),
  });
  return fc.array(entry, { maxLength: 14, size: "max" }).map((entries) => {
    const acquires = [0, 1, 2].flatMap((i) => [
      row(i, i, "invoke", "acquire", "a"),
      row(i, i, "ok", "acquire", { key: "a", grant: `g${i}`, validForMs: 1 }),
    ]);
    const log = { key: "a", entries: entries.map((each, i) => ({ seq: i + 1, ...each })) };
    return historyOf([...acquires, row(9, 9, "invoke", "log", "a"), row(9, 9, "ok", "log", log)]);
  });
}
