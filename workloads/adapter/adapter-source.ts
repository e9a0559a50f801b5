/**
 * Where an adapter comes from, as a plan carries it: enough to load it again, and to notice that it has changed since.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { z } from "zod";
import type { Json } from "../../history/operation.ts";
import { suggest } from "../../history/suggest.ts";
import { AdapterError } from "./adapter-error.ts";
import type { Shelf } from "./shelf.ts";

const SOURCE = z.discriminatedUnion("kind", [
  /** A module of JavaScript or TypeScript. */
  z.strictObject({ kind: z.literal("file"), file: z.string(), sha256: z.string() }),
  /** A command line that speaks JSON lines (`docs/adapters.md`), and the folder that it is run in. */
  z.strictObject({ kind: z.literal("command"), command: z.string(), folder: z.string() }),
  /** One that redquake brings along, by its name on the shelf of its kind. */
  z
    .strictObject({ kind: z.literal("shipped"), name: z.string().optional(), lock: z.string().optional() })
    .refine(({ name, lock }) => (name === undefined) !== (lock === undefined), "it must have a `name`"),
]);

export type AdapterSource = z.infer<typeof SOURCE>;

const DESCRIPTION = z.strictObject({ command: z.string().min(1) });

const COMMAND = /^command:\s*(?=\S)/;
const MODULES = new Set([".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"]);

/** The name of one that redquake brings along. Plans of older versions knew locks only, and called it that. */
export function shippedName({ name, lock }: Extract<AdapterSource, { readonly kind: "shipped" }>): string {
  return name ?? lock ?? "";
}

/**
 * What a user means: an adapter that redquake brings along (`redlock@4.2.0`), `command: python3 my_lock.py`, a JSON
 * file with `{"command": …}` (run in that file's folder), or a module.
 * @param folder what relative paths are relative to
 * @param shelves what redquake brings along
 * @throws AdapterError when there is no such file, or it is of no kind that can be an adapter.
 */
export function adapterSource(text: string, folder: string, shelves: readonly Shelf[]): AdapterSource {
  if (shelves.some((shelf) => shelf.has(text))) return { kind: "shipped", name: text };
  if (COMMAND.test(text)) return { kind: "command", command: text.replace(COMMAND, ""), folder };
  const file = resolve(folder, text);
  const content = contentOf(file, text, shelves);
  if (extname(file) === ".json") return { kind: "command", command: commandIn(file, content), folder: dirname(file) };
  if (MODULES.has(extname(file))) return { kind: "file", file, sha256: sha256(content) };
  throw new AdapterError({
    adapter: text,
    problem: `has the extension ${JSON.stringify(extname(file))}, and an adapter is a module or a command`,
    remedy: `name a file that ends in ${[...MODULES].join(", ")} or .json, or say --adapter 'command: …'`,
  });
}

/** @throws TypeError when the plan's option is none. */
export function sourceInPlan(option: Json): AdapterSource {
  const { data, error } = SOURCE.safeParse(option);
  if (data === undefined)
    throw new TypeError(`the workload's option "adapter" is damaged: ${z.prettifyError(error)}; plan the run anew`);
  return data;
}

/** As it is named in messages. */
export function sourceName(source: AdapterSource): string {
  switch (source.kind) {
    case "file":
      return source.file;
    case "command":
      return JSON.stringify(source.command);
    case "shipped":
      return shippedName(source);
  }
}

/** @throws AdapterError when the file is not the one that the plan was made with. */
export function assertUnchanged(source: AdapterSource): void {
  if (source.kind !== "file" || sha256(contentOf(source.file, source.file, [])) === source.sha256) return;
  throw new AdapterError({
    adapter: source.file,
    problem: "is not the file any more with which this plan was made",
    remedy: `plan a run with the file as it is now: campaigns --adapter ${basename(source.file)}`,
  });
}

function contentOf(file: string, named: string, shelves: readonly Shelf[]): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new AdapterError({
      adapter: named,
      problem: missing
        ? `is neither a file (there is no ${file}) nor the name of an adapter that redquake brings along${nearest(file, named, shelves)}`
        : `cannot be read: ${(error as Error).message}`,
      remedy: "name a file, 'command: …', or a library with its version; docs/adapters.md has the names",
    });
  }
}

/** The end of a sentence with what was meant, perhaps: a file in the same folder, or a name. */
function nearest(file: string, named: string, shelves: readonly Shelf[]): string {
  const folder = dirname(file);
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => MODULES.has(extname(name)) || extname(name) === ".json")
    : [];
  const [nearFile] = suggest(basename(file), files);
  const [near] =
    nearFile === undefined
      ? suggest(
          named,
          shelves.flatMap(({ names }) => names),
        )
      : [join(dirname(named), nearFile)];
  return near === undefined ? "" : `; did you mean ${near}?`;
}

function commandIn(file: string, content: Buffer): string {
  const remedy = `it must contain one JSON object, such as {"command": "python3 my_lock.py"}`;
  try {
    return DESCRIPTION.parse(JSON.parse(content.toString())).command;
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new AdapterError({ adapter: file, problem: `does not describe a command: ${why}`, remedy });
  }
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
