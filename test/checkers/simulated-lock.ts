/**
 * A lock service with a time to live, simulated in steps of a millisecond, and clients that use it, are paused, and
 * lose their answers: correct unless it is told to be wrong.
 */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import type { Row } from "./history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "./history-of.ts";

export interface Flaws {
  /** Releases delete whatever is there. */
  readonly releaseByDelete?: boolean;
  /** The resource takes writes of old holders. */
  readonly unfenced?: boolean;
  /** Nobody looks whether the lock is taken. */
  readonly noExclusion?: boolean;
  /** A lock is never freed. */
  readonly releaseForgets?: boolean;
  /** Tokens start again after the third. */
  readonly tokensStartAgain?: boolean;
}

export interface Told {
  /**
   * The library names no end: all that is known is the time to live that was asked for, and how long the attempt took.
   */
  readonly noEnd?: boolean;
  /**
   * A client's clock is moved while it waits for its lock: what its library says of the end is too much, or too little.
   */
  readonly wrongClocks?: boolean;
}

/** One lock that the release of another freed, as the server knows it. */
interface Freed {
  readonly by: string;
  readonly robbed: string;
}

export interface Simulation {
  readonly history: History;
  readonly freed: readonly Freed[];
}

const TTL_MS = 6;
const CLIENTS = 3;
const LENGTH_MS = 150;

/** What happens to a client before each of its steps: nothing much, or a pause. */
export function simulatedLock(flaws: Flaws = {}, told: Told = {}): fc.Arbitrary<History> {
  return simulation(flaws, told).map(({ history }) => history);
}

export function simulation(flaws: Flaws = {}, told: Told = {}): fc.Arbitrary<Simulation> {
  const delays = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 2 }) },
      { weight: 1, arbitrary: fc.integer({ min: 7, max: 16 }) },
    ),
    {
      minLength: 40,
      maxLength: 200,
      size: "max",
    },
  );
  return fc.array(delays, { minLength: CLIENTS, maxLength: CLIENTS }).map((script) => simulate(script, flaws, told));
}

/** A client is a generator that yields how long it takes until its next step. */
type Client = Generator<number, void>;

function simulate(script: readonly (readonly number[])[], flaws: Flaws, told: Told): Simulation {
  const freedByOthers: Freed[] = [];
  const rows: Row[] = [phaseRow(0, "load")];
  const log: Json[] = [];
  let [now, token, counter, newest, seq, pauses] = [0, 0, 0, 0, 0, 0];
  let lock: { grant: string; until: number } | undefined;
  const live = (): typeof lock => (lock !== undefined && lock.until > now ? lock : undefined);

  function* client(number: number, delays: readonly number[]): Client {
    let step = 0;
    const worker = `w${number}`;
    const wait = function* (): Generator<number, void> {
      const delay = delays[step % delays.length] ?? 1;
      step += 1;
      if (delay < 7) return void (yield delay);
      const fault = `pause-${(pauses += 1)}`;
      rows.push(faultRow(now, "pause", "inject", [worker], { fault }));
      yield delay;
      rows.push(faultRow(now, "pause", "healed", [worker], { fault }));
    };
    const record = (type: "invoke" | "ok" | "fail", f: string, value: Json): void =>
      void rows.push(row(now, number, type, f, value));
    for (let turn = 1; ; turn += 1) {
      record("invoke", "acquire", "a");
      const tried = now;
      yield* wait();
      while (live() !== undefined && flaws.noExclusion !== true) yield 1;
      const grant = `${worker}-${turn}`;
      const asked = now;
      lock = { grant, until: now + TTL_MS };
      token = flaws.tokensStartAgain === true && token === 3 ? 1 : token + 1;
      const mine = token;
      yield* wait();
      // How far the clock was moved in between depends on nothing that matters otherwise.
      const moved = told.wrongClocks === true ? ((turn * 7 + number * 3) % 5) * 4 - 8 : 0;
      const end = told.noEnd === true ? {} : { validForMs: asked + TTL_MS - now + moved };
      const limits = told.noEnd === true || told.wrongClocks === true ? { ttlMs: TTL_MS, attemptMs: now - tried } : {};
      record("ok", "acquire", { key: "a", grant, token: mine, ...end, ...limits });
      yield* wait();
      const read = access("read", grant, mine, 0);
      record("invoke", "read", { key: "a", grant });
      record(read.accepted ? "ok" : "fail", "read", { key: "a", grant, value: read.value, seq: read.seq });
      if (read.accepted) {
        const held = asked + TTL_MS > now;
        yield* wait();
        record("invoke", "write", { key: "a", grant, value: read.value + 1, held, remainingMs: asked + TTL_MS - now });
        const write = access("write", grant, mine, read.value + 1);
        record(write.accepted ? "ok" : "fail", "write", { key: "a", grant, value: read.value + 1, seq: write.seq });
      }
      yield* wait();
      record("invoke", "release", { key: "a", grant });
      yield* wait();
      const there = live()?.grant;
      const freed = there === grant || (flaws.releaseByDelete === true && there !== undefined);
      if (freed && there !== undefined && there !== grant) freedByOthers.push({ by: grant, robbed: there });
      if (freed && flaws.releaseForgets !== true) lock = undefined;
      if (flaws.releaseForgets === true) lock = { grant: "nobody", until: Infinity };
      yield* wait();
      record("ok", "release", { key: "a", grant, freed });
      yield* wait();
      yield 1;
    }
  }

  function access(
    op: "read" | "write",
    grant: string,
    own: number,
    value: number,
  ): { seq: number; accepted: boolean; value: number } {
    seq += 1;
    const accepted = flaws.unfenced === true || own >= newest;
    if (accepted) newest = Math.max(newest, own);
    if (accepted && op === "write") counter = value;
    log.push({ seq, op, grant, value: op === "write" ? value : counter, token: own, accepted });
    return { seq, accepted, value: counter };
  }

  const clients = script.map((delays, i) => ({ body: client(i + 1, delays), due: 0 }));
  for (; now < LENGTH_MS; now += 1) {
    for (const each of clients) {
      while (each.due <= now) each.due = now + (each.body.next().value ?? Infinity);
    }
  }
  rows.push(phaseRow(now, "heal"), phaseRow(now + 1, "final"));
  rows.push(row(now + 2, 9, "invoke", "log", "a"), row(now + 3, 9, "ok", "log", { key: "a", entries: log }));
  return { history: historyOf(rows), freed: freedByOthers };
}
