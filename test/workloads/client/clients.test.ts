/** Clients that redquake brings along, and a user's own: each keeps its contract, or fails as declared. */
import { describe, expect, it } from "vitest";
import { clients } from "../../../workloads/client/registry.ts";
import { redquake } from "../../cli/redquake.ts";
import { adapterFolder } from "../../support/adapters.ts";

const TIMEOUT_MS = 180_000;

/** By the client's name: the checks that it does not pass. */
const FAILS: Readonly<Record<string, readonly string[]>> = {
  "swallows-errors": ["pipeline", "rejects", "tells-refusals", "transaction"],
};

async function failedChecks(adapter: string): Promise<readonly string[]> {
  const { stdout, stderr } = await redquake(["adapter-test", adapter, "--host", "process", "--seed", "1", "--json"]);
  expect(stdout, stderr).not.toBe("");
  const { checks } = JSON.parse(stdout) as { checks: { id: string; state: string }[] };
  return checks.flatMap(({ id, state }) => (state === "failed" ? [id] : [])).sort();
}

describe("adapter-test of a client", () => {
  it.each(clients.names)("%s", async (name) => expect(await failedChecks(name)).toEqual(FAILS[name] ?? []), TIMEOUT_MS);

  it(
    "of a command in JSON lines",
    async () => {
      using adapters = adapterFolder();
      adapters.file("client.mjs", COMMAND);
      const json = adapters.file("client.json", JSON.stringify({ command: `${process.execPath} client.mjs` }));
      expect(await failedChecks(json)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe("a client that errs by itself is named", () => {
  it.each([
    ["a mock", `command: async () => 1`, /none of the servers under test has done so/],
    ["a mistake of its own", `command: async (name) => name.nothing.at(0)`, /throws an error of its own program/],
    ["a forgotten return", `command: async () => { await redis.ping(); }`, /returns nonsense for RPUSH: undefined/],
  ])(
    "%s",
    async (_, client, sentence) => {
      using adapters = adapterFolder();
      const file = adapters.file(
        "client.mjs",
        `export default { kind: "client", name: "mine@1.0.0", open(environment) { const redis = environment.redis(); return { ${client} }; } };`,
      );
      const { code, stdout, stderr } = await redquake([
        "campaigns",
        "client-control",
        "--adapter",
        file,
        "--host",
        "process",
        "--seed",
        "1",
        "--results",
        adapters.folder,
      ]);
      expect(`${stdout}${stderr}`).toMatch(sentence);
      expect(code).toBe(2);
    },
    TIMEOUT_MS,
  );
});

/** Just enough of a client, over one plain socket. */
const COMMAND = `
import { connect } from "node:net";
import { createInterface } from "node:readline";
let socket;
const waiting = [];
const send = (words) => new Promise((resolve) => {
  waiting.push(resolve);
  socket.write("*" + words.length + "\\r\\n" + words.map((w) => "$" + Buffer.byteLength(String(w)) + "\\r\\n" + w + "\\r\\n").join(""));
});
const answer = (said) => process.stdout.write(JSON.stringify(said) + "\\n");
const open = ({ endpoints: [{ host, port }] }) => new Promise((resolve) => {
  socket = connect(port, host, resolve);
  let bulk = false;
  createInterface({ input: socket }).on("line", (line) => {
    if (line.startsWith("$") && line !== "$-1") { bulk = true; return; }
    const reply = bulk ? line : line.startsWith(":") ? Number(line.slice(1)) : line.startsWith("-") ? { error: line.slice(1), refused: line.startsWith("-OOM") } : line.startsWith("+") ? line.slice(1) : null;
    bulk = false;
    waiting.shift()(reply);
  });
});
createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, op, command, ...more } = JSON.parse(line);
  if (op === "describe") answer({ id, kind: "client", name: "plain@1.0.0", pipeline: true });
  if (op === "open") { await open(more); answer({ id }); }
  if (op === "command") answer({ id, reply: await send(command) });
  if (op === "pipeline") answer({ id, replies: await Promise.all(more.commands.map(send)) });
  if (op === "close") { answer({ id }); socket.end(); process.stdin.destroy(); }
});
`;
