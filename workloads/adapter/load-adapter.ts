/** From a source to the adapter itself, of whichever kind it is. */
import { z } from "zod";
import type { AnyAdapter } from "./adapter.ts";
import { AdapterError } from "./adapter-error.ts";
import type { AdapterSource } from "./adapter-source.ts";
import { assertUnchanged, shippedName, sourceName } from "./adapter-source.ts";
import { JsonLines } from "./json-lines.ts";
import type { CommandSource } from "./json-lines.ts";
import type { AdapterKind } from "./kind.ts";
import { adapterOfModule } from "./load-module.ts";

const KIND = z.looseObject({ kind: z.string().default("lock") });

export interface Loaded<Adapter extends AnyAdapter> {
  readonly adapter: Adapter;
  readonly kind: AdapterKind<Adapter>;
}

/**
 * @param kinds those that are wanted
 * @throws AdapterError when it does not load, or is no adapter of these kinds; TypeError when redquake brings none of
 * that name.
 */
export async function loadAdapter<Adapter extends AnyAdapter>(
  source: AdapterSource,
  kinds: readonly AdapterKind<Adapter>[],
): Promise<Loaded<Adapter>> {
  switch (source.kind) {
    case "command":
      return commandAdapter(source, kinds);
    case "shipped": {
      const name = shippedName(source);
      const kind = kinds.find(({ shelf }) => shelf.has(name)) ?? kinds[0];
      if (kind === undefined) throw new RangeError("an adapter of no kind is wanted");
      return { kind, adapter: kind.shelf.named(name) };
    }
    case "file": {
      assertUnchanged(source);
      const value = await adapterOfModule(source.file);
      const kind = kindOf(value, source, kinds);
      return { kind, adapter: kind.assert(value, source.file) };
    }
  }
}

/** Starts the command and asks what it is. */
async function commandAdapter<Adapter extends AnyAdapter>(
  source: CommandSource & AdapterSource,
  kinds: readonly AdapterKind<Adapter>[],
): Promise<Loaded<Adapter>> {
  const { lines, described } = await JsonLines.describing(source);
  const kind = kindOf(described, source, kinds);
  // The process that has described itself is the first client; every other one has a process of its own.
  let waiting: JsonLines | undefined = lines;
  const next = (): JsonLines => {
    const process = waiting ?? new JsonLines(source);
    waiting = undefined;
    return process;
  };
  return { kind, adapter: kind.command((shape) => lines.read("describe", described, shape), next) };
}

/** What says nothing of its kind is a lock: for years there was no other. */
function kindOf<Adapter extends AnyAdapter>(
  value: unknown,
  source: AdapterSource,
  kinds: readonly AdapterKind<Adapter>[],
): AdapterKind<Adapter> {
  const wanted = KIND.safeParse(value).data?.kind ?? "lock";
  const found = kinds.find(({ kind }) => kind === wanted);
  if (found !== undefined) return found;
  const names = kinds.map(({ kind }) => JSON.stringify(kind)).join(", ");
  throw new AdapterError({
    adapter: sourceName(source),
    problem: `says that its kind is ${JSON.stringify(wanted)}, and ${kinds.length === 1 ? `this campaign needs ${names}` : `the kinds are ${names}`}`,
    remedy:
      kinds.length === 1
        ? "name campaigns of its own kind"
        : "correct its `kind`; without one it is a lock (docs/adapters.md)",
  });
}
