/**
 * The conversation with a process of a user's own, in any language: it is asked and answers in JSON, one line each. The
 * protocol is documented in `docs/adapters.md`.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Json } from "../../history/operation.ts";
import { AdapterError } from "./adapter-error.ts";

/** How long it may take to start, and to end when it is told to. */
const START_DEADLINE_MS = 15_000;
const END_DEADLINE_MS = 2_000;

const REPLY = z.looseObject({ id: z.int(), error: z.string().optional() });

/** An answer that says nothing more than that it is one. */
export const ANYTHING = z.looseObject({});

export interface CommandSource {
  readonly command: string;
  /** The folder that it is run in. */
  readonly folder: string;
}

interface Question {
  readonly op: string;
  readonly answered: (reply: object) => void;
  readonly failed: (error: Error) => void;
}

export class JsonLines {
  readonly #source: CommandSource;
  readonly #child: ChildProcess;
  readonly #open = new Map<number, Question>();
  readonly #listeners: ((said: Json) => boolean)[] = [];
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

  /** Starts a process and asks what it is. @throws AdapterError when it does not start, or does not say in time. */
  static async describing(source: CommandSource): Promise<{ readonly lines: JsonLines; readonly described: object }> {
    const lines = new JsonLines(source);
    const timer = setTimeout(
      () => lines.#end(`has not answered describe within ${START_DEADLINE_MS} ms`),
      START_DEADLINE_MS,
    );
    try {
      return { lines, described: await lines.ask("describe", {}, ANYTHING) };
    } finally {
      clearTimeout(timer);
    }
  }

  async ask<T>(op: string, fields: { readonly [name: string]: unknown }, shape: z.ZodType<T>): Promise<T> {
    if (this.#over !== undefined) throw this.#over;
    const id = (this.#asked += 1);
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    this.#open.set(id, { op, answered: resolve, failed: reject });
    this.tell({ id, op, ...fields });
    return this.read(op, await promise, shape);
  }

  /** Writes a line that asks for no answer. */
  tell(said: { readonly [name: string]: unknown }): void {
    this.#child.stdin?.write(`${JSON.stringify(said)}\n`);
  }

  /** @throws AdapterError when the answer does not have that shape. */
  read<T>(op: string, reply: object, shape: z.ZodType<T>): T {
    const read = shape.safeParse(reply);
    if (!read.success) throw this.#wrong(`answers ${op} with ${JSON.stringify(reply)}: ${z.prettifyError(read.error)}`);
    return read.data;
  }

  /** Hears what the process says without having been asked. @param listener says whether it understood */
  onSaid(listener: (said: Json) => boolean): void {
    this.#listeners.push(listener);
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
    if (this.#listeners.some((listener) => listener(said))) return;
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
