/** Whatever delivers messages and comes with redquake keeps its contract, on a real server. */
import { describe, expect, it } from "vitest";
import { testContract } from "../../../session/adapter-contract.ts";
import { adapterFolder } from "../../support/adapters.ts";
import { DELIVERY_FACTS } from "../../../workloads/delivery/adapter-shape.ts";
import { deliveries } from "../../../workloads/delivery/registry.ts";

/** The checks that fail, by what was seen. */
async function failures(named: string): Promise<string[]> {
  const { checks } = await testContract(named, {
    host: "process",
    seed: 1,
    notice: () => undefined,
    seen: () => undefined,
  });
  return checks.filter(({ state }) => state === "failed").map(({ id, seen }) => `${id}: ${seen}`);
}

/** Those for other systems than one server are put to the test in campaigns. */
const onOneServer = deliveries.names.filter((name) => {
  const { systems } = DELIVERY_FACTS.parse(deliveries.named(name));
  return systems === undefined || systems.includes("single");
});

/** Flaws that break the contract itself. */
const FAILS: Readonly<Record<string, readonly string[]>> = {
  "drops-some": ["delivers", "audience"],
  doubles: ["audience"],
  reorders: ["delivers", "audience"],
  "swallows-refusals": ["offered-again"],
  "acknowledges-first": ["offered-again"],
  "never-claims": ["offered-again"],
  "loses-cursor": ["offered-again"],
  "ignores-due-times": ["on-time"],
};

describe("deliveries", () => {
  it.concurrent.each(onOneServer)("%s keeps its contract, but for its flaw", async (name) => {
    const failed = await failures(name);
    expect(failed.map((each) => each.split(":")[0])).toEqual(FAILS[name] ?? []);
  });
});

describe("a delivery of one's own that is wrong", () => {
  const adapter = (publish: string, consume = "{ stop() {} }"): string => `
    export default {
      kind: "delivery", name: "mine@1.0.0", contract: "at-most-once",
      open: ({ redis }) => ({
        publish: ${publish},
        consume: (channel, handler) => Promise.resolve(${consume}),
      }),
    };`;

  it("is told apart from Redis: a mock that never reaches a server", async () => {
    using project = adapterFolder();
    const file = project.file("mine.mjs", adapter("() => Promise.resolve(1)"));
    expect(await failures(file)).toEqual([
      expect.stringMatching(/^delivers: .*20 did not come/),
      expect.stringMatching(/^asks-servers: publish\(\) resolved, and the server .* has carried out no command/),
      expect.stringMatching(/^audience: /),
      expect.stringMatching(/^large: /),
    ]);
  }, 120_000);

  it.each([
    ["() => 1", "null", /returns nonsense from consume\(\)/],
    ["() => 1", "{ stop: 7 }", /its `stop` is 7/],
    ["() => 1", "(handler(7), { stop() {} })", /calls the handler with number/],
  ])("is named as the adapter's fault: publish %s, consume %s", async (publish, consume, message) => {
    using project = adapterFolder();
    const file = project.file("mine.mjs", adapter(publish, consume));
    await expect(failures(file)).rejects.toThrow(message);
  });

  it("lacks its contract", async () => {
    using project = adapterFolder();
    const file = project.file("mine.mjs", `export default { kind: "delivery", name: "mine@1.0.0", open() {} };`);
    await expect(failures(file)).rejects.toThrow(
      /it lacks `contract`, such as "at-least-once".*\n.*docs\/delivery\.md/,
    );
  });
});

it("speaks JSON lines in any language", async () => {
  using project = adapterFolder();
  project.file(
    "queue.py",
    `
import json, socket, sys, threading, time

def call(sock, *words):
    sock.sendall(("*%d\\r\\n" % len(words) + "".join("$%d\\r\\n%s\\r\\n" % (len(w.encode()), w) for w in words)).encode())
    return reply(sock.makefile_)

def reply(f):
    line = f.readline().decode().rstrip()
    if line[0] == "$":
        return None if line == "$-1" else f.read(int(line[1:]) + 2)[:-2].decode()
    if line[0] == "*":
        return None if line == "*-1" else [reply(f) for _ in range(int(line[1:]))]
    return line[1:]

class Sock:
    def __init__(self, at):
        self.s = socket.create_connection((at["host"], at["port"])); self.makefile_ = self.s.makefile("rb")
    def sendall(self, b): self.s.sendall(b)

lock = threading.Lock()
def say(**what):
    with lock: print(json.dumps(what), flush=True)

at, out, waiting, stopped = None, None, {}, {}

def run(name, channel):
    sock, number = Sock(at), 0
    while not stopped.get(name):
        got = call(sock, "BLMOVE", channel, channel + ":" + name, "RIGHT", "LEFT", "0.1")
        if got is None: continue
        number += 1
        done = waiting[(name, number)] = threading.Event()
        say(consumption=name, message="%s/%d" % (name, number), text=got)
        done.wait()
        call(sock, "LREM", channel + ":" + name, "1", got)
        if done.refused: call(sock, "LPUSH", channel, got)

for line in sys.stdin:
    q = json.loads(line); op = q["op"]
    if op == "describe": say(id=q["id"], kind="delivery", name="my-python-queue@1.0.0", contract="at-least-once")
    elif op == "open": at = q["endpoints"][0]; out = Sock(at); say(id=q["id"])
    elif op == "publish": call(out, "LPUSH", q["channel"], q["text"]); say(id=q["id"])
    elif op == "consume":
        stopped[q["name"]] = None
        t = waiting[q["name"]] = threading.Thread(target=run, args=(q["name"], q["channel"]), daemon=True)
        t.start(); say(id=q["id"], consumption=q["name"])
    elif op in ("handled", "refused"):
        name, number = q["message"].rsplit("/", 1); done = waiting[(name, int(number))]
        done.refused = op == "refused"; done.set()
    elif op == "stop": stopped[q["consumption"]] = True; waiting[q["consumption"]].join(); say(id=q["id"])
    elif op == "close": say(id=q["id"])
`,
  );
  expect(await failures(`command: python3 ${project.folder}/queue.py`)).toEqual([]);
}, 120_000);
