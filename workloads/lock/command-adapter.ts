/**
 * A lock in any language: a command that is asked and answers in JSON, one line each. The protocol is documented in
 * `docs/adapters.md`.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Json } from "../../history/operation.ts";
import type { AdapterEnvironment, Held, LockAdapter, LockClient } from "./adapter.ts";
import { AdapterError } from "./adapter-error.ts";
import { ADAPTER_FACTS } from "./adapter-shape.ts";

/** How long it may take to start, and to end when it is told to. */
const START_DEADLINE_MS = 15_000;
const END_DEADLINE_MS = 2_000;

const DESCRIPTION = ADAPTER_FACTS.extend({
  /** It answers `extend`. */
  extend: z.boolean().default(false),
  /** It answers `belief`. */
  belief: z.boolean().default(false),
  /** It sends `{"lost": lock}` by itself. */
  lost: z.boolean().default(false),
});

const LOCK = z.union([z.string(), z.number()]);
const GRANT = z.looseObject({
  held: z
    .object({ lock: LOCK, validUntil: z.number().optional(), token: z.union([z.string(), z.number()]).optional() })
    .nullable(),
});
const RELEASED = z.looseObject({ released: z.boolean().nullish() });
const EXTENDED = z.looseObject({ extended: z.boolean(), validUntil: z.number().optional() });
const BELIEF = z.looseObject({ held: z.boolean() });
const ANYTHING = z.looseObject({});
const REPLY = z.looseObject({ id: z.int(), error: z.string().optional() });
const LOST = z.looseObject({ lost: LOCK });

export interface CommandSource {
  readonly command: string;
  /** The folder that it is run in. */
  readonly folder: string;
}

/** Starts the command and asks what it is. @throws AdapterError when it does not start, or does not say. */
export async function commandAdapter(source: CommandSource): Promise<LockAdapter> {
  const lines = new JsonLines(source);
  const described = await lines.inTime("describe", lines.ask("describe", {}, DESCRIPTION));
  const { extend, belief, lost, ...facts } = described;
  // The process that has described itself is the first client; every other one has a process of its own.
  let waiting: JsonLines | undefined = lines;
  const process = (): JsonLines => {
    const next = waiting ?? new JsonLines(source);
    waiting = undefined;
    return next;
  };
  return {
    ...facts,
    open: (environment) => openCommand(process(), { extend, belief, lost }, environment),
  } as LockAdapter;
}

type Powers = Pick<z.infer<typeof DESCRIPTION>, "extend" | "belief" | "lost">;

async function openCommand(lines: JsonLines, powers: Powers, environment: AdapterEnvironment): Promise<LockClient> {
  const { endpoints, masterName, clientId, ttlMs, random } = environment;
  const seed = random.integer(0, 2 ** 31 - 1);
  await lines.ask("open", { endpoints, masterName, clientId, ttlMs, seed }, ANYTHING);
  return {
    async acquire(key, ttl, { waitMs }) {
      const { held } = await lines.ask("acquire", { key, ttlMs: ttl, waitMs }, GRANT);
      return held && heldBy(lines, powers, held);
    },
    async close() {
      await lines.ask("close", {}, ANYTHING);
      await lines.end();
    },
  };
}

function heldBy(lines: JsonLines, powers: Powers, grant: NonNullable<z.infer<typeof GRANT>["held"]>): Held {
  const { lock, token } = grant;
  let until = grant.validUntil;
  const loss = powers.lost ? lines.lossOf(lock) : undefined;
  return {
    release: async () => {
      lines.forget(lock);
      return (await lines.ask("release", { lock }, RELEASED)).released ?? undefined;
    },
    ...(powers.extend
      ? {
          extend: async (ttlMs: number) => {
            const { extended, validUntil } = await lines.ask("extend", { lock, ttlMs }, EXTENDED);
            if (extended) until = validUntil ?? until;
            return extended;
          },
        }
      : {}),
    ...(powers.belief ? { isHeld: async () => (await lines.ask("belief", { lock }, BELIEF)).held } : {}),
    ...(until === undefined ? {} : { validUntil: () => until ?? Number.NaN }),
    ...(loss === undefined ? {} : { signal: loss }),
    ...(token === undefined ? {} : { token }),
  };
}

interface Question {
  readonly op: string;
  readonly answered: (reply: object) => void;
  readonly failed: (error: Error) => void;
}

/** The conversation with one process. */
class JsonLines {
  readonly #source: CommandSource;
  readonly #child: ChildProcess;
  readonly #open = new Map<number, Question>();
  readonly #losses = new Map<string, AbortController>();
  #asked = 0;
  #ending = false;
  #over: AdapterError | undefined;

  constructor(source: CommandSource) {
    this.#source = source;
    // What it writes to its standard error goes where that of this process goes: to the worker's log.
    this.#child = spawn(source.command, { cwd: source.folder, shell: true, stdio: ["pipe", "pipe", "inherit"] });
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) throw new TypeError("a process that is started with pipes has them");
    // That it does not read any more is told when it ends.
    stdin.on("error", () => undefined);
    createInterface({ input: stdout }).on("line", (line) => this.#hear(line));
    this.#child.once("error", (error) => this.#end(`cannot be started: ${error.message}`));
    this.#child.once("close", (code, signal) => {
      if (!this.#ending)
        this.#end(`has ended (${signal ?? `exit code ${code}`}), and it must go on until it is told to close`);
    });
  }

  async ask<T>(op: string, fields: { readonly [name: string]: unknown }, shape: z.ZodType<T>): Promise<T> {
    if (this.#over !== undefined) throw this.#over;
    const id = (this.#asked += 1);
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    this.#open.set(id, { op, answered: resolve, failed: reject });
    this.#child.stdin?.write(`${JSON.stringify({ id, op, ...fields })}\n`);
    const reply = await promise;
    const read = shape.safeParse(reply);
    if (!read.success) throw this.#wrong(`answers ${op} with ${JSON.stringify(reply)}: ${z.prettifyError(read.error)}`);
    return read.data;
  }

  /** @throws AdapterError when `answer` takes longer than a start may. */
  async inTime<T>(op: string, answer: Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => this.#end(`has not answered ${op} within ${START_DEADLINE_MS} ms`),
      START_DEADLINE_MS,
    );
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Aborted when the process says that it has lost the lock. */
  lossOf(lock: string | number): AbortSignal {
    const controller = new AbortController();
    this.#losses.set(String(lock), controller);
    return controller.signal;
  }

  forget(lock: string | number): void {
    this.#losses.delete(String(lock));
  }

  /** Ends the process, which has been told. */
  async end(): Promise<void> {
    this.#ending = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, "close");
    this.#child.stdin?.end();
    const timer = setTimeout(() => {
      // What it leaves running is ended with the worker; here it is only told.
      process.stderr.write(
        `${this.#source.command} has not ended within ${END_DEADLINE_MS} ms of its standard input\n`,
      );
      this.#child.kill("SIGKILL");
    }, END_DEADLINE_MS);
    await closed;
    clearTimeout(timer);
  }

  #hear(line: string): void {
    let said: Json;
    try {
      said = JSON.parse(line) as Json;
    } catch {
      this.#end(`writes ${JSON.stringify(line.slice(0, 200))} to its standard output, which is for JSON lines only`);
      return;
    }
    const lost = LOST.safeParse(said);
    if (lost.success) {
      this.#losses.get(String(lost.data.lost))?.abort(new Error("the command says that the lock is lost"));
      return;
    }
    const { data: reply } = REPLY.safeParse(said);
    const question = reply === undefined ? undefined : this.#open.get(reply.id);
    if (reply === undefined || question === undefined) {
      this.#end(`writes ${line.slice(0, 200)}, which answers no request`);
      return;
    }
    this.#open.delete(reply.id);
    if (reply.error === undefined) question.answered(reply);
    else question.failed(new Error(reply.error));
  }

  #end(problem: string): void {
    this.#over ??= this.#wrong(problem);
    for (const { failed } of this.#open.values()) failed(this.#over);
    this.#open.clear();
  }

  #wrong(problem: string): AdapterError {
    return new AdapterError({
      adapter: JSON.stringify(this.#source.command),
      problem,
      remedy: "it must answer every request by one line of JSON (docs/adapters.md); its log is in the worker's",
    });
  }
}
