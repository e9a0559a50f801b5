/**
 * The leader elections that redquake brings along, on real servers: those that are right keep their contract, and so
 * do libraries; a user's own in another language is asked in JSON lines.
 */
import { describe, expect, it } from "vitest";
import type { ConformanceCheck } from "../../../workloads/adapter/conformance/check.ts";
import type { CheckId } from "../../../workloads/leader/conformance/check.ts";
import { leaderLibraries } from "../../../workloads/leader/libraries/registry.ts";
import { leaders } from "../../../workloads/leader/registry.ts";
import { redquake } from "../../cli/redquake.ts";
import { adapterFolder } from "../../support/adapters.ts";

/** What specimens fail by themselves, without any fault; the other flaws need one to show. */
const FAILS: Readonly<Record<string, readonly CheckId[]>> = {
  "endless-lease": ["one-leader"],
  "lease-tells-again": ["told-once"],
};

async function failedChecks(adapter: string, folder?: string): Promise<string[]> {
  const flags = ["adapter-test", adapter, "--host", "process", "--seed", "1", "--json"];
  const { stdout, stderr } = await redquake(flags, folder === undefined ? {} : { cwd: folder });
  expect(stdout, stderr).not.toBe("");
  const { checks } = JSON.parse(stdout) as { checks: ConformanceCheck[] };
  return checks.filter(({ state }) => state === "failed").map(({ id }) => id);
}

// Installing takes a while where nothing is in npm's cache.
describe("leader elections", { timeout: 180_000 }, () => {
  it.each(["lease", "lease-fenced", ...Object.keys(FAILS)])("%s fails what it is known for", async (name) => {
    expect(await failedChecks(name)).toEqual(FAILS[name] ?? []);
  });

  it.each(leaderLibraries.flatMap(({ name, tried }) => tried.map((version) => `${name}@${version}`)))(
    "%s keeps its contract",
    async (name) => {
      expect(await failedChecks(name)).toEqual([]);
    },
  );

  it("are known by their names, and specimens by their flaws", () => {
    for (const name of leaders.names) expect(leaders.named(name)).toMatchObject({ name, kind: "leader" });
    expect(leaders.flawOf("endless-lease")).toMatch(/never renews/);
    expect(leaders.flawOf("lease")).toBeUndefined();
  });

  it("may be a command that speaks JSON lines", async () => {
    using project = adapterFolder();
    project.file("my-leader.mjs", COMMAND);
    expect(await failedChecks(`command: ${process.execPath} my-leader.mjs`, project.folder)).toEqual([]);
  });

  it("are at fault where they say what makes no sense", async () => {
    using project = adapterFolder();
    const file = project.file("nonsense.mjs", NONSENSE);
    const { code, stderr } = await redquake(["adapter-test", file, "--host", "process", "--seed", "1"]);
    expect(stderr).toMatch(/nonsense\.mjs says "perhaps" when isLeader\(\) is asked/);
    expect(code).toBe(254);
  });
});

/** A lease over a plain socket. */
const COMMAND = `
import { connect } from "node:net";
import { createInterface } from "node:readline";
const say = (said) => process.stdout.write(JSON.stringify(said) + "\\n");
let server, election, termMs, name;
const waiting = [];
const ask = (...words) =>
  new Promise((answered) => {
    waiting.push(answered);
    server.write("*" + words.length + "\\r\\n" + words.map((word) => "$" + Buffer.byteLength(word) + "\\r\\n" + word + "\\r\\n").join(""));
  });
const standings = new Map();
const RENEW = 'if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end return 0';
const FREE = 'if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0';
async function tick(standing) {
  const own = standings.get(standing);
  if (own === undefined || own.resigned) return;
  const asked = performance.now();
  const done = own.leads
    ? (await ask("EVAL", RENEW, "1", election, own.value, String(termMs))) === ":1"
    : (await ask("SET", election, own.value, "PX", String(termMs), "NX")) === "+OK";
  if (done) own.until = asked + termMs;
  if (done !== own.leads && !own.resigned) say(done ? { elected: standing } : { demoted: standing });
  own.leads = done;
  if (!own.resigned) own.timer = setTimeout(tick, termMs / 3, standing);
}
for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, ...fields } = JSON.parse(line);
  const answer = (more = {}) => say({ id, ...more });
  if (op === "describe") answer({ kind: "leader", name: "my-leader@1.0.0", systems: ["single"] });
  if (op === "open") {
    ({ election, termMs, clientId: name } = fields);
    const [{ host, port }] = fields.endpoints;
    server = connect(port, host, () => answer());
    createInterface({ input: server }).on("line", (reply) => waiting.shift()?.(reply));
  }
  if (op === "stand") {
    standings.set(fields.standing, { value: name + ":" + fields.standing, leads: false, until: 0 });
    answer({ seat: { key: election, value: name + ":" + fields.standing } });
    void tick(fields.standing);
  }
  const own = standings.get(fields.standing);
  if (op === "belief") answer({ leads: own.leads && !own.resigned && performance.now() < own.until });
  if (op === "resign") {
    own.resigned = true;
    clearTimeout(own.timer);
    ask("EVAL", FREE, "1", election, own.value).then((freed) => answer({ resigned: freed === ":1" }));
  }
  if (op === "close") {
    for (const each of standings.values()) { each.resigned = true; clearTimeout(each.timer); }
    server.destroy();
    answer();
  }
}
`;

const NONSENSE = `
export default {
  kind: "leader",
  name: "nonsense@1.0.0",
  open({ redis, election }) {
    const server = redis();
    return {
      async stand({ onElected }) {
        await server.set(election, "me");
        setTimeout(() => onElected(), 10);
        return { isLeader: () => "perhaps", resign: async () => true };
      },
    };
  },
};
`;
