/**
 * The resource that a lock protects: a counter on a server that no fault touches. It logs every access in the order of
 * arrival, and, where it is fenced, refuses tokens older than the newest that it has seen (on reads too: a
 * read-modify-write is protected only when its read already shuts out the older holders). Who has no token is not
 * refused: then there is no fencing. One that compares accepts a write only of the grant that read last, whatever its
 * token: unique values, and no order of theirs (http://antirez.com/news/101).
 */
import type { Redis } from "ioredis";
import type { LogEntry, Token } from "../../history/vocabulary/lock.ts";

/**
 * KEYS: counter, sequence, log, newest token or who read last. ARGV: "read" or "write", grant, token or "", the guard,
 * the value to write or "". Tokens are compared digit by digit: Lua's numbers, and cjson's digits, end where those of
 * etcd and ZooKeeper go on. Returns { sequence, accepted 1 or 0, counter after the access }.
 */
const ACCESS = `
local seq = redis.call("INCR", KEYS[2])
local accepted = 1
local token = ARGV[3]
if ARGV[4] == "fenced" and token ~= "" then
  local newest = redis.call("GET", KEYS[4]) or "0"
  if #token < #newest or (#token == #newest and token < newest) then accepted = 0 else redis.call("SET", KEYS[4], token) end
end
if ARGV[4] == "compares" then
  if ARGV[1] == "read" then redis.call("SET", KEYS[4], ARGV[2]) elseif redis.call("GET", KEYS[4]) ~= ARGV[2] then accepted = 0 end
end
if accepted == 1 and ARGV[1] == "write" then redis.call("SET", KEYS[1], ARGV[5]) end
local value = tonumber(redis.call("GET", KEYS[1]) or "0")
local entry = { seq = seq, op = ARGV[1], grant = ARGV[2], value = ARGV[1] == "write" and tonumber(ARGV[5]) or value, accepted = accepted == 1 }
if token ~= "" then entry.token = #token < 15 and tonumber(token) or token end
redis.call("RPUSH", KEYS[3], cjson.encode(entry))
return { seq, accepted, value }`;

export interface Access {
  /** The order of arrival at the resource, from 1. */
  readonly seq: number;
  readonly accepted: boolean;
  /** The counter after the access. */
  readonly value: number;
}

/** What the resource refuses: older tokens, writes of others than who read last, or nothing. */
export type Guard = "fenced" | "compares" | "open";

export class ProtectedResource {
  readonly #server: Redis;
  readonly #guard: Guard;

  constructor(server: Redis, guard: Guard) {
    this.#server = server;
    this.#guard = guard;
  }

  read(key: string, grant: string, token: Token | undefined): Promise<Access> {
    return this.#access(key, "read", grant, token, "");
  }

  write(key: string, grant: string, token: Token | undefined, value: number): Promise<Access> {
    return this.#access(key, "write", grant, token, String(value));
  }

  /** Everything that arrived, in order. */
  async log(key: string): Promise<LogEntry[]> {
    const entries = await this.#server.lrange(`${key}:log`, 0, -1);
    return entries.map((entry) => JSON.parse(entry) as LogEntry);
  }

  async #access(key: string, op: string, grant: string, token: Token | undefined, value: string): Promise<Access> {
    const keys = [key, `${key}:seq`, `${key}:log`, `${key}:newest`];
    const answer = (await this.#server.eval(
      ACCESS,
      keys.length,
      ...keys,
      op,
      grant,
      token ?? "",
      this.#guard,
      value,
    )) as [number, number, number];
    return { seq: answer[0], accepted: answer[1] === 1, value: answer[2] };
  }
}
