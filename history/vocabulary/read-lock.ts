/** Reading what the lock workload records, beyond single fields. */
import type { HistoryEvent, Json, Operation } from "../operation.ts";
import type { LeftKey, LogEntry } from "./lock.ts";
import { fieldOf, isFields, listField, textField, textIn, ValueError } from "./read.ts";

/** A hold begins with the `ok` of an `acquire`. */
export function beginsHold({ f, type }: Pick<HistoryEvent, "f" | "type">): boolean {
  return f === "acquire" && type === "ok";
}

/** It ends when the client begins to let the lock go: its release can take effect at any time from then on. */
export function endsHold({ f, type }: Pick<HistoryEvent, "f" | "type">): boolean {
  return f === "release" && type === "invoke";
}

/** The grant under which an operation is made. */
export function grantIn(event: Pick<HistoryEvent, "value">): string | undefined {
  return textIn(event, "grant");
}

/** The lock that an `acquire` asks for. @throws ValueError */
export function keyOfAcquire({ invoke, completion }: Operation): string {
  return typeof invoke.value === "string" ? invoke.value : textField(completion ?? invoke, "key");
}

/**
 * The fencing token in an event.
 * @throws ValueError when it is neither a number nor a text of digits.
 */
export function tokenOf(event: HistoryEvent): number | bigint | undefined {
  const token = fieldOf(event, "token") ?? undefined;
  if (token === undefined || typeof token === "number") return token;
  if (typeof token === "string" && /^\d+$/.test(token)) return BigInt(token);
  throw new ValueError(event, "a token that is a number, or a text of digits");
}

/** In which ways the library can say whether it still holds; undefined where that is not recorded. */
export function voicesIn(ok: HistoryEvent): readonly Json[] | undefined {
  const says = fieldOf(ok, "says");
  return Array.isArray(says) ? says : undefined;
}

/** An entry of the resource's log; a counter that is no number is not refused. */
export type ReadLogEntry = Omit<LogEntry, "value" | "token"> & { readonly value: Json };

/** @throws ValueError */
export function logEntriesIn(event: HistoryEvent): ReadLogEntry[] {
  return listField(event, "entries").map((entry) => {
    if (!isFields(entry)) throw new ValueError(event, "entries that are objects");
    const { seq, op, grant, value = null, accepted } = entry;
    if (
      typeof seq !== "number" ||
      (op !== "read" && op !== "write") ||
      typeof grant !== "string" ||
      typeof accepted !== "boolean"
    ) {
      throw new ValueError(
        event,
        `entries of the form {seq, op, grant, value, accepted}, unlike ${JSON.stringify(entry)}`,
      );
    }
    return { seq, op, grant, value, accepted };
  });
}

/** @throws ValueError */
export function leftKeysIn(event: HistoryEvent): LeftKey[] {
  return listField(event, "keys").map((each) => {
    if (!isFields(each)) throw new ValueError(event, "keys that are objects");
    const { server, key, type, ttlMs, counter } = each;
    if (
      typeof server !== "string" ||
      typeof key !== "string" ||
      typeof type !== "string" ||
      typeof ttlMs !== "number" ||
      typeof counter !== "boolean"
    ) {
      throw new ValueError(event, "keys of the form {server, key, type, ttlMs, counter}");
    }
    return { server, key, type, ttlMs, counter };
  });
}

/** How often each server has carried out each command. @throws ValueError */
export function serverCommandsIn(event: HistoryEvent): Map<string, Map<string, number>> {
  const servers = fieldOf(event, "servers");
  if (servers === undefined || !isFields(servers)) throw new ValueError(event, `an object "servers"`);
  return new Map(
    Object.entries(servers).map(([server, calls]) => {
      if (!isFields(calls)) throw new ValueError(event, "an object of commands for each server");
      return [
        server,
        new Map(
          Object.entries(calls).map(([command, count]) => {
            if (typeof count !== "number") throw new ValueError(event, "a number for each command");
            return [command, count];
          }),
        ),
      ];
    }),
  );
}
