/** Who holds which lock, from the events of the lock workload as they are written. */
import type { ParsedLine } from "../history/line.ts";
import type { Json } from "../history/operation.ts";

export class LockHolders {
  /** The last grant of each lock that its client has not begun to release, by key; the latest last. */
  readonly #grants = new Map<string, { readonly worker: string; readonly grant: Json | undefined }>();

  hear(event: ParsedLine): void {
    const { f, type, value, worker } = event;
    const isGrant = f === "acquire" && type === "ok";
    const isRelease = f === "release" && type === "invoke";
    if ((!isGrant && !isRelease) || worker === undefined || !isRecord(value)) return;
    const key = value["key"];
    if (typeof key !== "string") return;
    const { grant } = value;
    if (isRelease && this.#grants.get(key)?.grant !== grant) return;
    this.#grants.delete(key);
    if (isGrant) this.#grants.set(key, { worker, grant });
  }

  /** The worker that holds the lock `key`, or the one that was granted the last of those that are held. */
  holder(key: string | undefined): string | undefined {
    return key === undefined ? [...this.#grants.values()].at(-1)?.worker : this.#grants.get(key)?.worker;
  }
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
