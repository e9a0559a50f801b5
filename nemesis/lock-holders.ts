/** Who holds which lock, from the events of the lock workload as they are written. */
import type { ParsedLine } from "../history/line.ts";
import { textIn } from "../history/vocabulary/read.ts";
import { beginsHold, endsHold, grantIn } from "../history/vocabulary/read-lock.ts";

export class LockHolders {
  /** The last grant of each lock that its client has not begun to release, by key; the latest last. */
  readonly #grants = new Map<string, { readonly worker: string; readonly grant: string | undefined }>();

  hear(event: ParsedLine): void {
    const begins = beginsHold(event);
    if (!begins && !endsHold(event)) return;
    const { worker } = event;
    const [key, grant] = [textIn(event, "key"), grantIn(event)];
    if (worker === undefined || key === undefined) return;
    if (!begins && this.#grants.get(key)?.grant !== grant) return;
    this.#grants.delete(key);
    if (begins) this.#grants.set(key, { worker, grant });
  }

  /** The worker that holds the lock `key`, or the one that was granted the last of those that are held. */
  holder(key: string | undefined): string | undefined {
    return key === undefined ? [...this.#grants.values()].at(-1)?.worker : this.#grants.get(key)?.worker;
  }
}
