import { closeSync, openSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { awaitCondition } from "../../../machine/await-condition.ts";
import type { Node } from "../../../hosts/host.ts";
import { ShimControl } from "../../../hosts/shim/shim-control.ts";
import { NodeChild, RedisServers, Scratch, shimLibrary } from "./fixture.ts";

const YEAR_MS = 365.25 * 24 * 3600 * 1000;

const now = (child: NodeChild) => async (): Promise<number> => Number(await child.evaluate("Date.now()"));

async function redisTimeMs(node: Node): Promise<number> {
  const [seconds, microseconds] = (await node.command("TIME")) as [string, string];
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}

/**
 * How far a clock is ahead of the real one: at least `low`, at most `high` ms. Both are wall clocks of this machine.
 */
interface Ahead {
  readonly low: number;
  readonly high: number;
  readonly value: number;
}

async function ahead(read: () => Promise<number>): Promise<Ahead> {
  const before = Date.now();
  const value = await read();
  // Every clock here is cut to whole milliseconds.
  return { low: value - Date.now() - 1, high: value - before + 1, value };
}

/** The offset when the clock may be ahead by it, else what was measured. */
async function offsetOr(offsetMs: number, read: () => Promise<number>): Promise<number | Ahead> {
  const measured = await ahead(read);
  return measured.low <= offsetMs && offsetMs <= measured.high ? offsetMs : measured;
}

describe("the clock of a Redis server under the fault shim", () => {
  it("jumps forward and back, live, and takes keys with it", async () => {
    await using servers = await RedisServers.start([]);
    const node = servers.node("n1");
    const time = (): Promise<number> => redisTimeMs(node);
    expect(await offsetOr(0, time)).toBe(0);
    await node.command("SET", "lock", "a", "PX", 60_000);

    node.shim?.setClock({ offsetMs: 10_000, ratePpm: 0 });
    expect(await offsetOr(10_000, time)).toBe(10_000);
    const inLua = async (): Promise<number> =>
      Number(
        await node.command("EVAL", "local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000)", 0),
      );
    expect(await offsetOr(10_000, inLua)).toBe(10_000);
    expect(await node.command("EXISTS", "lock")).toBe(1);

    node.shim?.setClock({ offsetMs: 70_000, ratePpm: 0 });
    expect(await node.command("EXISTS", "lock")).toBe(0);

    node.shim?.setClock({ offsetMs: -3_600_000, ratePpm: 0 });
    expect(await offsetOr(-3_600_000, time)).toBe(-3_600_000);
    node.shim?.setClock({ offsetMs: 0, ratePpm: 0 });
    expect(await offsetOr(0, time)).toBe(0);
  });

  it("runs at another pace, and stands still", async () => {
    await using servers = await RedisServers.start([]);
    const node = servers.node("n1");
    const earliest = performance.now();
    node.shim?.setClock({ offsetMs: 5_000, ratePpm: 9_000_000 });
    const latest = performance.now();
    await awaitCondition("the clock to gain two seconds", 5_000, async () => {
      const before = performance.now();
      const { low, high } = await ahead(() => redisTimeMs(node));
      expect(high).toBeGreaterThanOrEqual(5_000 + 9 * (before - latest));
      expect(low).toBeLessThanOrEqual(5_000 + 9 * (performance.now() - earliest));
      return low > 7_000 ? true : undefined;
    });

    node.shim?.setClock({ offsetMs: 0, ratePpm: -1_000_000 });
    const stopped = await redisTimeMs(node);
    await awaitCondition("the real clock to leave the stopped one behind", 5_000, async () => {
      const { high, value } = await ahead(() => redisTimeMs(node));
      // Two real clocks are read to make one that stands still: it trembles by what passes between the two readings.
      expect(Math.abs(value - stopped)).toBeLessThan(250);
      return high < -1000 ? true : undefined;
    });
  });
});

describe("the clock of a Node.js process under the fault shim", () => {
  it("moves Date.now() and nothing monotonic", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    for (const offsetMs of [0, 10_000, -10_000, 50 * YEAR_MS, -100 * YEAR_MS, 0]) {
      control.setClock({ offsetMs, ratePpm: 0 });
      expect(await offsetOr(offsetMs, now(child))).toBe(offsetMs);
      const before = process.hrtime.bigint();
      const monotonic = BigInt(String(await child.evaluate("process.hrtime.bigint()")));
      expect(monotonic).toBeGreaterThan(before);
      expect(monotonic).toBeLessThan(process.hrtime.bigint());
    }
    expect(control.attached()).toBe(1);
  });

  it("moves the clock of programs that the process starts, too", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    control.setClock({ offsetMs: 86_400_000, ratePpm: 0 });
    const date = async (): Promise<number> => {
      const nanoseconds = await child.evaluate(
        `require("child_process").execFileSync("date", ["+%s%N"], { encoding: "utf8" })`,
      );
      return Number(BigInt(String(nanoseconds).trim()) / 1_000_000n);
    };
    expect(await offsetOr(86_400_000, date)).toBe(86_400_000);
    expect(control.attached()).toBe(2);
  });
});

/** Makes a valid control file that moves the clock. */
function movedControl(path: string): void {
  const control = ShimControl.create(path);
  control.setClock({ offsetMs: 1_000_000, ratePpm: 0 });
  control.close();
}

describe("the fault shim without a valid control file", () => {
  const broken: [string, (scratch: Scratch) => Record<string, string>][] = [
    ["no REDQUAKE_SHIM", () => ({})],
    ["an empty REDQUAKE_SHIM", () => ({ REDQUAKE_SHIM: "" })],
    ["a file that is not there", (scratch) => ({ REDQUAKE_SHIM: scratch.file("absent") })],
    [
      "an empty file",
      (scratch) => {
        closeSync(openSync(scratch.file("empty"), "w"));
        return { REDQUAKE_SHIM: scratch.file("empty") };
      },
    ],
    [
      "a file that was cut short",
      (scratch) => {
        movedControl(scratch.file("short"));
        truncateSync(scratch.file("short"), 100_000);
        return { REDQUAKE_SHIM: scratch.file("short") };
      },
    ],
    [
      "another magic",
      (scratch) => {
        movedControl(scratch.file("magic"));
        writeFileSync(scratch.file("magic"), "redcoral", { flag: "r+" });
        return { REDQUAKE_SHIM: scratch.file("magic") };
      },
    ],
  ];

  it.each(broken)("does nothing with %s", async (_name, environment) => {
    using scratch = new Scratch();
    await using child = new NodeChild({ LD_PRELOAD: await shimLibrary(), ...environment(scratch) });
    expect(await offsetOr(0, now(child))).toBe(0);
    const file = JSON.stringify(scratch.file("data"));
    await child.evaluate(
      `const fs = require("fs"), fd = fs.openSync(${file}, "w"); fs.writeSync(fd, "x"); fs.fsyncSync(fd); fs.closeSync(fd)`,
    );
  });

  it("does act with the control file that these were made from", async () => {
    using scratch = new Scratch();
    movedControl(scratch.file("whole"));
    await using child = new NodeChild({ LD_PRELOAD: await shimLibrary(), REDQUAKE_SHIM: scratch.file("whole") });
    expect(await offsetOr(1_000_000, now(child))).toBe(1_000_000);
  });
});
