/** What is wrong with what users of caches got, by the definitions alone: everything is compared with everything. */
import type { History } from "../../../history/history.ts";
import type { Operation } from "../../../history/operation.ts";

interface Value {
  readonly key: string;
  readonly version: number | null;
  readonly before?: boolean;
  readonly after?: boolean;
}

const MS = 1_000_000;
const valueOf = ({ invoke, completion }: Operation): Value => (completion ?? invoke).value as unknown as Value;
const named = (history: History, f: string): Operation[] => history.operations.filter((each) => each.f === f);
const answered = (history: History): Operation[] =>
  named(history, "read").filter(({ completion }) => completion?.type === "ok");

function writeOf(history: History, key: string, version: number): Operation | undefined {
  return named(history, "write").find(
    (each) => valueOf(each).key === key && (each.invoke.value as { version: number }).version === version,
  );
}

/** Whether a write with this outcome may be carried out at any later time. */
const isOpen = (write: Operation | undefined): boolean =>
  write !== undefined && (write.completion === undefined || write.completion.type === "info");

/** How many gets gave a version that was replaced more than `allowedMs` before, of a store that keeps everything. */
export function staleCount(history: History, allowedMs: number, onlyFresh: boolean): number {
  return answered(history).filter((read) => {
    const { key, version, before, after } = valueOf(read);
    if (version === null || (onlyFresh && !(before === true && after === true))) return false;
    if (isOpen(writeOf(history, key, version))) return false;
    return named(history, "write").some(
      (write) =>
        write.completion?.type === "ok" &&
        valueOf(write).key === key &&
        (valueOf(write).version ?? 0) > version &&
        write.completion.time <= read.invoke.time - allowedMs * MS,
    );
  }).length;
}

/** How many gets gave an older version than the same user had got before, of a store that keeps everything. */
export function backCount(history: History): number {
  const reads = answered(history);
  return reads.filter((late) => {
    const { key, version } = valueOf(late);
    if (version === null || isOpen(writeOf(history, key, version))) return false;
    return reads.some(
      (early) =>
        early.invoke.worker === late.invoke.worker &&
        valueOf(early).key === key &&
        (early.completion?.time ?? Infinity) <= late.invoke.time &&
        (valueOf(early).version ?? 0) > version,
    );
  }).length;
}

/** How many gets gave a version that nobody had begun to write, or that the store had refused. */
export function phantomCount(history: History): number {
  return answered(history).filter((read) => {
    const { key, version } = valueOf(read);
    if (version === null || version === 0) return false;
    const write = writeOf(history, key, version);
    return write === undefined || write.invoke.time > (read.completion?.time ?? 0) || write.completion?.type === "fail";
  }).length;
}
