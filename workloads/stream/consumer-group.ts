/** One consumer of a group: new entries, and entries that others took and did not acknowledge in time. */
import type { Redis } from "ioredis";
import { fieldsOf } from "../clients/reply-fields.ts";

/** The largest id that there is. */
const END_OF_STREAM = "18446744073709551615-18446744073709551615";

export interface ConsumerGroupOptions {
  readonly stream: string;
  readonly group: string;
  readonly consumer: string;
  readonly minIdleMs: number;
  readonly blockMs: number;
  /** Whether it takes entries over from others. Default: true. */
  readonly claims?: boolean;
  /** Whether it goes on from where it has looked last, and never begins anew. Default: false. */
  readonly keepsCursor?: boolean;
}

export interface StreamEntry {
  readonly id: string;
  readonly message: string;
  /** `read`: delivered for the first time; `claim`: taken over. */
  readonly via: "read" | "claim";
}

export class ConsumerGroup {
  readonly #server: Redis;
  readonly #options: ConsumerGroupOptions;
  #claimDue = 0;
  #cursor = "0-0";
  readonly #claimed: StreamEntry[] = [];

  constructor(server: Redis, options: ConsumerGroupOptions) {
    this.#server = server;
    this.#options = options;
  }

  /** Makes the group, and the stream with it; another consumer may have done so already. */
  async create(): Promise<void> {
    try {
      await this.#server.xgroup("CREATE", this.#options.stream, this.#options.group, "0", "MKSTREAM");
    } catch (error) {
      if (!(error as Error).message.startsWith("BUSYGROUP")) throw error;
    }
  }

  /** The next entry to work on, or undefined when `signal` is aborted and there is none just then. */
  async next(signal: AbortSignal): Promise<StreamEntry | undefined> {
    do {
      const entry = (await this.#claim()) ?? (await this.#read());
      if (entry !== undefined) return entry;
    } while (!signal.aborted);
    return undefined;
  }

  /** Whether the group has entries that no consumer was given, or that one was given and has not acknowledged. */
  async isBehind(): Promise<boolean> {
    const groups = (await this.#server.xinfo("GROUPS", this.#options.stream)) as unknown[];
    const own = groups.map(fieldsOf).find(({ name }) => name === this.#options.group);
    // `lag` is null where the server cannot tell; then only the reads themselves can.
    return own !== undefined && (Number(own["pending"]) > 0 || Number(own["lag"] ?? 0) > 0);
  }

  async acknowledge(id: string): Promise<void> {
    await this.#server.xack(this.#options.stream, this.#options.group, id);
  }

  /**
   * Looks for abandoned entries once in every half of the idle time
   * (https://redis.io/docs/latest/commands/xautoclaim/).
   */
  async #claim(): Promise<StreamEntry | undefined> {
    if (this.#options.claims !== false && this.#claimed.length === 0 && performance.now() >= this.#claimDue) {
      const { stream, group, consumer, minIdleMs, keepsCursor = false } = this.#options;
      const [next, entries] = (await this.#server.xautoclaim(
        stream,
        group,
        consumer,
        minIdleMs,
        this.#cursor,
        "COUNT",
        10,
      )) as [string, RawEntry[]];
      // The cursor is "0-0" again at the end of the list: there is nothing more to look at before the next time.
      if (next === "0-0") this.#claimDue = performance.now() + minIdleMs / 2;
      this.#cursor = keepsCursor && next === "0-0" ? END_OF_STREAM : next;
      this.#claimed.push(...entries.map((entry) => parse(entry, "claim")));
    }
    return this.#claimed.shift();
  }

  async #read(): Promise<StreamEntry | undefined> {
    const { stream, group, consumer, blockMs } = this.#options;
    const reply = await this.#server.xreadgroup(
      "GROUP",
      group,
      consumer,
      "COUNT",
      1,
      "BLOCK",
      blockMs,
      "STREAMS",
      stream,
      ">",
    );
    const entry = firstEntry(reply);
    return entry && parse(entry, "read");
  }
}

type RawEntry = [id: string, fields: string[]];

/** RESP2 gives a list of streams with their entries, RESP3 a map from stream to entries. */
function firstEntry(reply: unknown): RawEntry | undefined {
  if (reply === null || typeof reply !== "object") return undefined;
  const streams = Array.isArray(reply)
    ? (reply as [string, RawEntry[]][]).map(([, entries]) => entries)
    : Object.values(reply as Record<string, RawEntry[]>);
  return streams[0]?.[0];
}

function parse([id, fields]: RawEntry, via: StreamEntry["via"]): StreamEntry {
  return { id, message: fields[1] ?? "", via };
}
