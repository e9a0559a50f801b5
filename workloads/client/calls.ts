/** Calls, and what each comes to: in time, or too late. */
import { LongTimeout, pause } from "../../machine/long-timeout.ts";
import type { CallCommand, CallVia, CallerEvents } from "../../history/vocabulary/client.ts";
import type { Ends, LogicalClient, WorkerContext } from "../workload.ts";
import type { ClientCommand } from "./adapter.ts";
import type { Answer, GuardedClient } from "./guard.ts";
import { traceKey, tracing } from "./traces.ts";

/** Commands that are recorded as one. */
export interface Call {
  readonly via: CallVia;
  readonly command: CallCommand;
  readonly key: string;
  readonly elements: string[];
}

/** What a call came to, or that it had not settled in time. */
type Outcome = readonly Answer[] | "unsettled";

export class Calls {
  readonly #context: WorkerContext<CallerEvents>;
  readonly #client: GuardedClient;
  readonly #deadlineMs: number;
  /** Logical processes that are not in the middle of anything. */
  readonly #idle: LogicalClient<CallerEvents>[] = [];
  readonly #late = new Set<Promise<void>>();
  #made = 0;

  constructor(context: WorkerContext<CallerEvents>, client: GuardedClient, deadlineMs: number) {
    this.#context = context;
    this.#client = client;
    this.#deadlineMs = deadlineMs;
  }

  /** A call that nobody has made before. */
  next(via: CallVia, command: CallCommand, key: string, size = 1): Call {
    return { via, command, key: traceKey(key, command), elements: this.#elements(size) };
  }

  /** One command. Resolves when it has settled, or has had its time. */
  command(call: Call): Promise<void> {
    const [command] = commandsOf(call);
    return this.#record(call, async () => [await this.#client.command(command)]);
  }

  transaction(call: Call): Promise<void> {
    return this.#record(call, () => this.#client.transaction(commandsOf(call)));
  }

  /** Each command of it is recorded by itself; all begin at the same time. */
  async pipeline(calls: readonly Call[]): Promise<void> {
    // When all of them are recorded.
    const sent = Promise.resolve().then(() => this.#client.pipeline(calls.flatMap(commandsOf)));
    await Promise.all(calls.map((call, i) => this.#record(call, async () => (await sent).slice(i, i + 1))));
  }

  /** Waits at the server for what nobody sends. */
  wait(key: string, seconds: number): Promise<void> {
    const value = { key, seconds, elements: this.#elements(1) };
    const waits = { name: "BLPOP", args: [key, seconds] };
    return this.#as((logical) =>
      logical.operation("wait", value, async ({ ok, fail, info }) => {
        const settled = this.#client.blocking(waits, seconds).then((answer) => [answer]);
        const outcome = await inTime(settled, this.#deadlineMs + seconds * 1_000);
        if (outcome === "unsettled") {
          this.#tellLate(value.elements, settled);
          return info({ ...value, unsettled: true }, unsettledAfter(this.#deadlineMs + seconds * 1_000));
        }
        const failed = outcome.find((answer) => "error" in answer);
        return failed === undefined ? ok(value) : fail(value, failed.error);
      }),
    );
  }

  /** A plain read: all that is asked is that it is sent. */
  look(key: string): Promise<void> {
    return this.#as((logical) =>
      logical.operation("look", { key }, async ({ ok, fail }) => {
        const outcome = await inTime(
          this.#client.look({ name: "GET", args: [key] }).then((answer) => [answer]),
          this.#deadlineMs,
        );
        if (outcome === "unsettled") return fail({ key }, unsettledAfter(this.#deadlineMs));
        const failed = outcome.find((answer) => "error" in answer);
        return failed === undefined ? ok({ key }) : fail({ key }, failed.error);
      }),
    );
  }

  /** Resolves when everything has settled, or nothing is waited for any more. */
  async settled(until: AbortSignal): Promise<void> {
    const over = new AbortController();
    await Promise.race([Promise.all(this.#late), pause(Infinity, AbortSignal.any([until, over.signal]))]);
    over.abort();
  }

  /** That nobody has sent before. */
  #elements(size: number): string[] {
    return Array.from({ length: size }, () => `${this.#context.worker}-${(this.#made += 1)}`);
  }

  #record(call: Call, send: () => Promise<readonly Answer[]>): Promise<void> {
    return this.#as((logical) => logical.operation("call", { ...call }, (ends) => this.#settle(call, send(), ends)));
  }

  async #settle(call: Call, sent: Promise<readonly Answer[]>, { ok, fail, info }: Ends<CallerEvents["call"]>) {
    const outcome = await inTime(sent, this.#deadlineMs);
    if (outcome === "unsettled") {
      this.#tellLate(call.elements, sent);
      return info({ ...call, unsettled: true }, unsettledAfter(this.#deadlineMs));
    }
    const replies = outcome.flatMap((answer) => ("error" in answer ? [] : [answer.reply]));
    const [failed] = outcome.flatMap((answer) => ("error" in answer ? [answer] : []));
    if (failed === undefined) return ok({ ...call, replies });
    // Some of a transaction may fail by themselves, and the others be carried out.
    const refused = replies.length === 0 && outcome.every((answer) => "error" in answer && answer.refused);
    return refused ? fail({ ...call }, failed.error) : info({ ...call }, failed.error);
  }

  /** Records what it comes to, should it settle after all. */
  #tellLate(elements: string[], sent: Promise<readonly Answer[]>): void {
    const from = performance.now();
    const told = sent.then(async ([answer]) => {
      // From then on it is closed, and what ends by that says nothing.
      if (this.#context.settling.aborted) return;
      const error = answer !== undefined && "error" in answer ? answer.error : null;
      const afterMs = Math.round(performance.now() - from);
      await this.#as((logical) =>
        logical.operation("late", { elements }, ({ ok }) =>
          Promise.resolve(ok({ elements, end: error === null ? "resolved" : "rejected", error, afterMs })),
        ),
      );
    });
    this.#late.add(told);
    // That an adapter does what it must not has ended the run by itself.
    told.catch(() => undefined);
  }

  /** As a logical process that has nothing else to do. */
  async #as(act: (logical: LogicalClient<CallerEvents>) => Promise<unknown>): Promise<void> {
    const logical = this.#idle.pop() ?? this.#context.client();
    await act(logical);
    this.#idle.push(logical);
  }
}

function commandsOf({ command, key, elements }: Call): [ClientCommand, ...ClientCommand[]] {
  return elements.map((element) => tracing(command, key, element)) as [ClientCommand, ...ClientCommand[]];
}

function unsettledAfter(deadlineMs: number): string {
  return `it had not settled within redquake's deadline of ${deadlineMs} ms`;
}

async function inTime(settled: Promise<readonly Answer[]>, deadlineMs: number): Promise<Outcome> {
  const late = Promise.withResolvers<"unsettled">();
  const timer = new LongTimeout(() => late.resolve("unsettled"), deadlineMs);
  try {
    return await Promise.race([settled, late.promise]);
  } finally {
    timer.clear();
  }
}
