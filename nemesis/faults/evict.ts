/**
 * Memory runs out: `maxmemory` is set to so many bytes, or to `percent` (80) of what the server uses, and
 * `maxmemory-policy` to `policy` (`allkeys-lru`). The server then evicts keys, or with `noeviction` answers writes with
 * OOM. When the fault heals the former settings are back; evicted keys stay away.
 * (https://redis.io/docs/latest/develop/reference/eviction/)
 */
import { z } from "zod";
import { names, number, text } from "../fault-options.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Node } from "../../hosts/host.ts";
import type { FaultKind, FaultOptions } from "../fault.ts";
import { occurred } from "../probes/occurred.ts";
import { infoNumber, reply } from "../probes/reply.ts";
import { describeConfig, readConfig, sameConfig, writeConfig } from "../server-config.ts";
import type { ServerConfig } from "../server-config.ts";
import { choiceOption, numberOption, resolveNode } from "../targets.ts";

const POLICIES = [
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
  "noeviction",
] as const;
/** Eviction goes on between commands. */
const EVICTION_TIMEOUT_MS = 5_000;

export const evict = {
  kind: "evict",
  options: z.strictObject({
    target: names,
    policy: text.optional(),
    percent: number.optional(),
    maxmemory: number.optional(),
  }),
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    const policy = choiceOption(options, "policy", POLICIES, "allkeys-lru");
    const limit = limitOf(options);
    let former: ServerConfig | undefined;
    let wanted: ServerConfig = { "maxmemory-policy": policy };
    let evictedBefore = 0;
    return {
      target: [node.name],
      title: `memory of ${node.name} limited, ${policy}`,
      get detail() {
        return { ...wanted };
      },
      inject: async () => {
        const used = infoNumber(String(await node.command("INFO", "memory")), "used_memory");
        evictedBefore = await evictedKeys(node);
        wanted = { maxmemory: String(limit(used)), "maxmemory-policy": policy };
        const before = await readConfig(node, ...Object.keys(wanted));
        await writeConfig(node, wanted);
        former = before;
      },
      probe: async () => {
        if (former === undefined) return { ok: false, saw: `the memory of ${node.name} was not limited` };
        const config = await readConfig(node, ...Object.keys(wanted));
        const seen =
          policy === "noeviction" ? await probeRefusal(node) : await probeEviction(node, evictedBefore, config);
        return {
          ok: seen.ok && sameConfig(wanted, config),
          saw: `${node.name} has ${describeConfig(config)}; ${seen.saw}`,
        };
      },
      heal: async () => {
        const before = former;
        // A server that was killed meanwhile starts with its own settings.
        if (before === undefined || (await node.state()) === "dead") return;
        await writeConfig(node, before);
      },
      probeHealed: async () => {
        const config = await readConfig(node, ...Object.keys(wanted));
        return {
          ok: former !== undefined && sameConfig(former, config),
          saw: `${node.name} has ${describeConfig(config)}`,
        };
      },
    };
  },
} satisfies FaultKind;

/** From the bytes that are used to those that may be. */
function limitOf(options: FaultOptions): (used: number) => number {
  if (options["maxmemory"] === undefined) {
    const percent = numberOption(options, "percent", 80);
    if (percent <= 0 || percent >= 100)
      throw new TypeError(`the fault's option "percent" must be between 0 and 100, not ${percent}`);
    return (used) => Math.max(1, Math.floor((used * percent) / 100));
  }
  if (options["percent"] !== undefined)
    throw new TypeError('the fault has the options "maxmemory" and "percent": give one of them');
  const bytes = numberOption(options, "maxmemory");
  if (!Number.isInteger(bytes) || bytes < 1)
    throw new TypeError(`the fault's option "maxmemory" must be a whole number of bytes from 1 on, not ${bytes}`);
  return () => bytes;
}

async function evictedKeys(node: Node): Promise<number> {
  return infoNumber(String(await node.command("INFO", "stats")), "evicted_keys");
}

async function probeEviction(node: Node, before: number, config: ServerConfig): Promise<ProbeResult> {
  const timeoutMs = config["maxmemory"] === "0" ? 0 : EVICTION_TIMEOUT_MS;
  const ok = await occurred(`${node.name} to evict`, timeoutMs, async () => (await evictedKeys(node)) > before);
  return { ok, saw: `it has evicted ${(await evictedKeys(node)) - before} keys since` };
}

/**
 * Asks for a library without content, which can never be loaded: it is refused for want of memory before anybody looks
 * at it.
 */
async function probeRefusal(node: Node): Promise<ProbeResult> {
  const { text } = await reply(node, "FUNCTION", "LOAD", "");
  return { ok: text.startsWith("OOM"), saw: `a write is answered ${JSON.stringify(text)}` };
}
