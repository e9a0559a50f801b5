/** The HTTP API: codes, texts and what a request does to proxies and their connections. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Bench, EMBEDDED, echo, endpoint } from "./harness.ts";
import type { ProxyBody } from "./harness.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

const error = (status: number, text: string) => ({ error: text, status });

describe("POST /proxies", () => {
  it("binds a port and answers 201 with the address", async () => {
    const name = bench.name();
    const answer = await bench.post("/proxies", { name, upstream: "127.0.0.1:1", listen: "localhost:0" });
    expect(answer.status).toBe(201);
    const proxy = answer.json as ProxyBody;
    expect(proxy).toMatchObject({ name, upstream: "127.0.0.1:1", enabled: true, toxics: [] });
    expect(proxy.listen).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.headers.get("x-toxiproxy-request-id")).toBeTruthy();
  });

  it("refuses a name that is taken and leaves its proxy alone", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    const second = await bench.post("/proxies", { name: proxy.name, upstream: "127.0.0.1:1", listen: "127.0.0.1:0" });
    expect(second.status).toBe(409);
    expect(second.json).toEqual(error(409, "proxy already exists"));
    expect(second.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const client = await bench.connect(proxy.listen);
    await client.roundTrip();
  });

  it.each([
    ["no name", { upstream: "127.0.0.1:1" }, "missing required field: name"],
    ["neither", {}, "missing required field: name"],
    ["no upstream", { name: "a" }, "missing required field: upstream"],
    ["null", null, "missing required field: name"],
    ["an empty body", "", "bad request body: "],
    ["no JSON", "{", "bad request body: "],
    ["an array", [], "bad request body: "],
    ["enabled as a string", { name: "a", upstream: "u:1", enabled: "x" }, "bad request body: "],
    ["name as a number", { name: 1, upstream: "u:1" }, "bad request body: "],
  ])("refuses %s", async (_, body, text) => {
    const answer = await bench.post("/proxies", body);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ error: expect.stringContaining(text) as unknown, status: 400 });
    expect(await bench.proxies()).toEqual([]);
  });

  it("reads field names in any case, ignores what follows the first value, and null means the default", async () => {
    const name = bench.name('a{"');
    const body = `{"Name":${JSON.stringify(name)},"UPSTREAM":"127.0.0.1:1","listen":"127.0.0.1:0","enabled":null,"other":[{}]} rest`;
    const answer = await bench.post("/proxies", body);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ name, enabled: true });
  });

  it("answers 500 for a port that is taken and leaves nothing behind", async () => {
    const holder = await bench.upstream();
    const body = { name: bench.name(), upstream: "127.0.0.1:1", listen: holder.address };
    const answer = await bench.post("/proxies", body);
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({
      status: 500,
      error: expect.stringContaining("address already in use") as unknown,
    });
    expect(await bench.proxies()).toEqual([]);
    await holder.close();
    expect((await bench.post("/proxies", body)).status).toBe(201);
  });

  it("answers 500 for an address that is none", async () => {
    const body = { name: bench.name(), upstream: "127.0.0.1:1", listen: "127.0.0.1" };
    const answer = await bench.post("/proxies", body);
    expect(answer.status).toBe(500);
  });

  it.each(["127.0.0.1:", "localhost:", "127.0.0.1:00", "127.0.0.1:+0"])("takes %s as any port", async (listen) => {
    const answer = await bench.post("/proxies", { name: bench.name(), upstream: "127.0.0.1:1", listen });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ listen: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/) as unknown });
  });

  it("gives a name to one of twenty that ask at once, and a port to one of two", async () => {
    const name = bench.name();
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        bench.post("/proxies", { name, upstream: "127.0.0.1:1", listen: "127.0.0.1:0" }),
      ),
    );
    expect(all.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
    const free = await bench.upstream();
    await free.close();
    const two = await Promise.all(
      [bench.name(), bench.name()].map((each) =>
        bench.post("/proxies", { name: each, upstream: "127.0.0.1:1", listen: free.address }),
      ),
    );
    expect(two.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 500]);
  });

  it("does not bind a disabled proxy until it is enabled", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address, { listen: "localhost:0", enabled: false });
    expect(proxy).toMatchObject({ enabled: false, listen: "localhost:0" });
    const enabled = await bench.call("PATCH", `/proxies/${proxy.name}`, { enabled: true });
    expect(enabled.status).toBe(200);
    const client = await bench.connect((enabled.json as ProxyBody).listen);
    await client.roundTrip();
  });
});

describe("GET /proxies", () => {
  it("shows all by name, one, and 404", async () => {
    const first = await bench.proxy("127.0.0.1:1");
    const second = await bench.proxy("127.0.0.1:2");
    const all = await bench.get("/proxies");
    expect(all.status).toBe(200);
    expect(all.json).toMatchObject({
      [first.name]: { upstream: "127.0.0.1:1" },
      [second.name]: { upstream: "127.0.0.1:2" },
    });
    expect((await bench.get(`/proxies/${first.name}`)).json).toMatchObject({ name: first.name, listen: first.listen });
    const missing = await bench.get("/proxies/nobody");
    expect(missing.status).toBe(404);
    expect(missing.json).toEqual(error(404, "proxy not found"));
  });
});

describe("updates of a proxy", () => {
  it.each(["PATCH", "POST"])(
    "%s enabled false cuts connections and refuses new ones, on the same port again later",
    async (method) => {
      const upstream = await bench.upstream(echo);
      const proxy = await bench.proxy(upstream.address);
      const { client, server } = await bench.pair(proxy, upstream);
      await client.roundTrip();
      const answer = await bench.call(method, `/proxies/${proxy.name}`, { enabled: false });
      expect(answer.status).toBe(200);
      expect(answer.json).toMatchObject({ enabled: false, listen: proxy.listen });
      expect(await bench.refuses(proxy.listen)).toBe(true);
      await Promise.all([client.ended(), server.ended()]);
      const enabled = await bench.call(method, `/proxies/${proxy.name}`, { enabled: true });
      expect(enabled.json).toMatchObject({ enabled: true, listen: proxy.listen });
      await (await bench.connect(proxy.listen)).roundTrip();
    },
  );

  it("keeps connections when nothing differs", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    const client = await bench.connect(proxy.listen);
    await client.roundTrip();
    for (const body of [
      { enabled: true },
      { listen: `localhost:${endpoint(proxy.listen).port}`, name: "ignored" },
      {},
    ]) {
      const answer = await bench.call("PATCH", `/proxies/${proxy.name}`, body);
      expect(answer.json).toMatchObject({ name: proxy.name, listen: proxy.listen, enabled: true });
      await client.roundTrip();
    }
  });

  it("moves to a new upstream: open connections are cut, toxics stay", async () => {
    const [first, second] = [await bench.upstream(echo), await bench.upstream(echo)];
    const proxy = await bench.proxy(first.address);
    await bench.toxic(proxy, { type: "latency", attributes: { latency: 1 } });
    const client = await bench.connect(proxy.listen);
    await client.roundTrip();
    const answer = await bench.call("PATCH", `/proxies/${proxy.name}`, { upstream: second.address });
    expect(answer.json).toMatchObject({ upstream: second.address, listen: proxy.listen, enabled: true });
    expect((answer.json as ProxyBody).toxics).toHaveLength(1);
    await client.ended();
    await (await bench.connect(proxy.listen)).roundTrip();
    expect(second.peers).toHaveLength(1);
  });

  it("is disabled when the new address is taken, unchanged when it does not resolve", async () => {
    const holder = await bench.upstream();
    const proxy = await bench.proxy("127.0.0.1:1");
    const bad = await bench.call("PATCH", `/proxies/${proxy.name}`, { listen: "no-port" });
    expect(bad.status).toBe(500);
    expect((await bench.get(`/proxies/${proxy.name}`)).json).toMatchObject({ listen: proxy.listen, enabled: true });
    const taken = await bench.call("PATCH", `/proxies/${proxy.name}`, { listen: holder.address });
    expect(taken.status).toBe(500);
    expect((await bench.get(`/proxies/${proxy.name}`)).json).toMatchObject({ listen: holder.address, enabled: false });
    expect(await bench.refuses(proxy.listen)).toBe(true);
  });

  it("answers 404 for a proxy that does not exist, and 400 for a bad body", async () => {
    const proxy = await bench.proxy("127.0.0.1:1");
    expect((await bench.call("PATCH", "/proxies/nobody", { enabled: true })).status).toBe(404);
    expect((await bench.call("PATCH", `/proxies/${proxy.name}`, { enabled: 1 })).status).toBe(400);
  });
});

describe("DELETE /proxies/{name}", () => {
  it("closes the connections and frees the port", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    const { client, server } = await bench.pair(proxy, upstream);
    await client.roundTrip();
    const answer = await bench.call("DELETE", `/proxies/${proxy.name}`);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(await bench.refuses(proxy.listen)).toBe(true);
    await Promise.all([client.ended(), server.ended()]);
    expect((await bench.call("DELETE", `/proxies/${proxy.name}`)).status).toBe(404);
    const again = await bench.upstream(echo, endpoint(proxy.listen).port);
    expect(again.address).toBe(proxy.listen);
  });
});

describe("an upstream that is down", () => {
  it("lets clients connect and closes them, until it is up", async () => {
    const upstream = await bench.upstream();
    await upstream.close();
    const proxy = await bench.proxy(upstream.address);
    const client = await bench.connect(proxy.listen);
    await client.ended();
    await bench.upstream(echo, endpoint(upstream.address).port);
    await (await bench.connect(proxy.listen)).roundTrip();
  });
});

describe("POST /populate", () => {
  it("makes what is missing and leaves what is the same alone", async () => {
    const upstream = await bench.upstream(echo);
    const free = await bench.upstream();
    await free.close();
    const names = [bench.name(), bench.name()];
    const list = [
      { name: names[0], listen: free.address, upstream: upstream.address },
      { name: names[1], listen: "127.0.0.1:0", upstream: upstream.address },
    ];
    const first = await bench.post("/populate", list);
    expect(first.status).toBe(201);
    const [a] = (first.json as { proxies: ProxyBody[] }).proxies;
    expect(a?.listen).toBe(free.address);
    await bench.post(`/proxies/${names[0]}/toxics`, { type: "latency", attributes: { latency: 1 } });
    const client = await bench.connect(free.address);
    await client.roundTrip();
    // What is the same keeps even its `enabled`.
    const second = await bench.post("/populate", [{ ...list[0], enabled: false }, list[1]]);
    expect(second.status).toBe(201);
    const proxies = (second.json as { proxies: ProxyBody[] }).proxies;
    expect(proxies.map((proxy) => proxy.name)).toEqual(names);
    expect(proxies[0]).toMatchObject({ listen: free.address, enabled: true });
    expect(proxies[0]?.toxics).toHaveLength(1);
    await client.roundTrip();
  });

  it("replaces what differs, without its toxics", async () => {
    const [first, second] = [await bench.upstream(echo), await bench.upstream(echo)];
    const proxy = await bench.proxy(first.address);
    await bench.toxic(proxy, { type: "latency" });
    const client = await bench.connect(proxy.listen);
    await client.roundTrip();
    const answer = await bench.post("/populate", [
      { name: proxy.name, listen: proxy.listen, upstream: second.address },
    ]);
    expect(answer.json).toMatchObject({ proxies: [{ listen: proxy.listen, upstream: second.address, toxics: [] }] });
    await client.ended();
  });

  it("makes nothing when an entry is incomplete", async () => {
    const [first, second] = [bench.name(), bench.name()];
    const answer = await bench.post("/populate", [{ name: first, upstream: "127.0.0.1:1" }, { name: second }]);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject(error(400, "missing required field: upstream at proxy 2"));
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(await bench.proxies()).toEqual([]);
    expect((await bench.post("/populate", { name: first })).status).toBe(400);
  });

  it("keeps what was made before the first that cannot start", async () => {
    const holder = await bench.upstream();
    const name = bench.name();
    const answer = await bench.post("/populate", [
      { name, listen: "127.0.0.1:0", upstream: "127.0.0.1:1" },
      { name: bench.name(), listen: holder.address, upstream: "127.0.0.1:1" },
      { name: bench.name(), listen: "127.0.0.1:0", upstream: "127.0.0.1:1" },
    ]);
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({ status: 500, proxies: [{ name }] });
    expect((await bench.proxies()).map((proxy) => proxy.name)).toEqual([name]);
  });

  it("takes an empty list", async () => {
    const answer = await bench.post("/populate", []);
    expect(answer.status).toBe(201);
    // The original says null, which its Node client cannot read.
    expect((answer.json as { proxies: unknown }).proxies ?? []).toEqual([]);
  });
});

describe("routing", () => {
  it("refuses browsers", async () => {
    const browser = await bench.call("GET", "/proxies", undefined, { "user-agent": "Mozilla/5.0" });
    expect(browser.status).toBe(403);
    expect(browser.json).toBeUndefined();
    expect((await bench.call("GET", "/proxies", undefined, { "user-agent": "mozilla/5.0" })).status).toBe(200);
  });

  it("tells its version, and nothing on other addresses and methods", async () => {
    const version = await bench.get("/version");
    expect(version.json).toEqual({ version: expect.any(String) as unknown });
    expect(version.text).toMatch(/\n$/);
    for (const path of ["/nope", "/", "/proxies/", "/proxies/a/b", "/proxies/a/toxics/b/c"]) {
      expect((await bench.get(path)).status, path).toBe(404);
    }
    for (const [method, path] of [
      ["DELETE", "/proxies"],
      ["GET", "/reset"],
      ["GET", "/populate"],
      ["PUT", "/proxies/a"],
    ] as const) {
      expect(await bench.call(method, path)).toMatchObject({ status: 405, text: "" });
    }
    expect((await bench.get("//proxies")).status).toBe(301);
  });

  it.each([
    ["//proxies", "/proxies"],
    ["/./proxies", "/proxies"],
    ["/./proxies?a=%20", "/proxies?a=%20"],
    ["/proxies/./x", "/proxies/x"],
    ["/x/../proxies", "/proxies"],
    ["/proxies/..", "/"],
    ["/proxies/.", "/proxies"],
    ["/%2e/proxies", "/proxies"],
    ["/%2fproxies", "/proxies"],
    ["/proxies//a%20b'(!)*%e4%bd%a0%3f", "/proxies/a%20b%27%28%21%29%2A%E4%BD%A0%3F"],
    ["/./nope", "/nope"],
  ])("sends %s to %s", async (path, location) => {
    expect(await bench.raw("GET", path)).toEqual({ status: 301, location });
    expect(await bench.raw("POST", path)).toEqual({ status: 301, location });
  });

  it("refuses a path that is not validly encoded", async () => {
    expect(await bench.raw("GET", "/proxies/%zz")).toMatchObject({ status: 400 });
  });
});

describe("toxics in the API", () => {
  it("fills in defaults and answers 200", async () => {
    const proxy = await bench.proxy("127.0.0.1:1");
    const answer = await bench.post(`/proxies/${proxy.name}/toxics`, {
      type: "latency",
      attributes: { Latency: 100, other: 1 },
    });
    expect(answer.status).toBe(200);
    const toxic = {
      name: "latency_downstream",
      type: "latency",
      stream: "downstream",
      toxicity: 1,
      attributes: { latency: 100, jitter: 0 },
    };
    expect(answer.json).toEqual(toxic);
    expect((await bench.get(`/proxies/${proxy.name}/toxics/latency_downstream`)).json).toEqual(toxic);
    expect((await bench.get(`/proxies/${proxy.name}`)).json).toMatchObject({ toxics: [toxic] });
  });

  it.each([
    [
      "a name that is taken, on the other stream",
      { type: "latency", name: "taken", stream: "upstream" },
      409,
      "toxic already exists",
    ],
    ["down", { type: "down" }, 400, "invalid toxic type"],
    ["no type", {}, 400, "invalid toxic type"],
    ["stream x", { type: "latency", stream: "x" }, 400, "stream was invalid, can be either upstream or downstream"],
    ["an empty stream, before the type", { type: "down", stream: "" }, 400, "stream was invalid"],
    ["a fraction", { type: "latency", attributes: { latency: 1.5 } }, 400, "bad request body: "],
    ["a string", { type: "latency", attributes: { latency: "x" } }, 400, "bad request body: "],
    ["attributes as a list", { type: "latency", attributes: [] }, 400, "bad request body: "],
  ])("refuses %s", async (_, body, status, text) => {
    const proxy = await bench.proxy("127.0.0.1:1");
    await bench.toxic(proxy, { type: "latency", name: "taken" });
    const answer = await bench.post(`/proxies/${proxy.name}/toxics`, body);
    expect(answer.json).toEqual({ error: expect.stringContaining(text) as unknown, status });
    expect(answer.status).toBe(status);
    expect((await bench.get(`/proxies/${proxy.name}/toxics`)).json).toHaveLength(1);
  });

  it("keeps the spelling of the stream", async () => {
    const proxy = await bench.proxy("127.0.0.1:1");
    const answer = await bench.post(`/proxies/${proxy.name}/toxics`, { type: "noop", stream: "UpStream" });
    expect(answer.json).toMatchObject({ stream: "UpStream", name: "noop_UpStream" });
  });

  it.each(["PATCH", "POST"])("%s merges attributes and ignores everything but them and toxicity", async (method) => {
    const proxy = await bench.proxy("127.0.0.1:1");
    await bench.toxic(proxy, { type: "latency", name: "slow", toxicity: 0.5, attributes: { latency: 100 } });
    const path = `/proxies/${proxy.name}/toxics/slow`;
    const change = { attributes: { jitter: 5, latency: null }, name: "n", stream: "upstream", type: "timeout" };
    const answer = await bench.call(method, path, change);
    expect(answer.status).toBe(200);
    const expected = {
      name: "slow",
      type: "latency",
      stream: "downstream",
      toxicity: 0.5,
      attributes: { latency: 100, jitter: 5 },
    };
    expect(answer.json).toEqual(expected);
    expect((await bench.call(method, path, { toxicity: 1 })).json).toEqual({ ...expected, toxicity: 1 });
  });

  it("answers 404 for toxics and proxies that do not exist", async () => {
    const proxy = await bench.proxy("127.0.0.1:1");
    expect((await bench.get(`/proxies/${proxy.name}/toxics`)).text.trim()).toBe("[]");
    expect((await bench.get(`/proxies/${proxy.name}/toxics/x`)).json).toEqual(error(404, "toxic not found"));
    expect((await bench.post(`/proxies/${proxy.name}/toxics/x`, {})).json).toEqual(error(404, "toxic not found"));
    expect((await bench.call("DELETE", `/proxies/${proxy.name}/toxics/x`)).json).toEqual(error(404, "toxic not found"));
    expect((await bench.get("/proxies/nobody/toxics")).json).toEqual(error(404, "proxy not found"));
    expect((await bench.post("/proxies/nobody/toxics", { type: "noop" })).json).toEqual(error(404, "proxy not found"));
  });

  it("lists the upstream chain before the downstream chain, each in the order of creation", async () => {
    const proxy = await bench.proxy("127.0.0.1:1");
    await bench.toxic(proxy, { type: "noop", name: "A", stream: "downstream" });
    await bench.toxic(proxy, { type: "noop", name: "B", stream: "upstream" });
    await bench.toxic(proxy, { type: "noop", name: "C", stream: "downstream" });
    const listed = (await bench.get(`/proxies/${proxy.name}/toxics`)).json as { name: string }[];
    expect(listed.map((toxic) => toxic.name)).toEqual(["B", "A", "C"]);
  });

  it.runIf(EMBEDDED)("changes nothing when one attribute of an update is bad", async () => {
    const proxy = await bench.proxy("127.0.0.1:1");
    await bench.toxic(proxy, { type: "latency", name: "slow" });
    const change = { toxicity: 0, attributes: { latency: 7, jitter: "x" } };
    expect((await bench.post(`/proxies/${proxy.name}/toxics/slow`, change)).status).toBe(400);
    expect((await bench.get(`/proxies/${proxy.name}/toxics/slow`)).json).toMatchObject({
      toxicity: 1,
      attributes: { latency: 0, jitter: 0 },
    });
  });
});

/** Each is a body that a JSON reader could be expected to take otherwise. */
describe("bodies, read as Go reads them", () => {
  it.each([
    ["a whole number with a point", `{"type":"latency","attributes":{"latency":1.0}}`],
    ["a whole number with an exponent", `{"type":"latency","attributes":{"latency":1e3}}`],
    ["more than 64 bits", `{"type":"latency","attributes":{"latency":9223372036854775808}}`],
    ["less than 64 bits", `{"type":"slicer","attributes":{"delay":-9223372036854775809}}`],
    ["more than a 32-bit float", `{"type":"noop","toxicity":1e39}`],
    ["more than any float", `{"type":"noop","toxicity":1e400}`],
    ["a byte order mark", `\ufeff{"type":"noop"}`],
    ["a space that JSON does not know", `\u00a0{"type":"noop"}`],
    ["a bad value before a good one of the same name", `{"type":1,"type":"noop"}`],
    ["a line break in a string", `{"type":"noop","name":"a\nb"}`],
    ["a comma at the end", `{"type":"noop",}`],
    ["too many levels", `{"type":"noop","x":${"[".repeat(10_001)}${"]".repeat(10_001)}}`],
  ])("refuses %s", async (_, body) => {
    const proxy = await bench.proxy("127.0.0.1:1");
    const answer = await bench.post(`/proxies/${proxy.name}/toxics`, body);
    expect(answer.json).toEqual({ error: expect.stringContaining("bad request body: ") as unknown, status: 400 });
    expect((await bench.get(`/proxies/${proxy.name}/toxics`)).json).toEqual([]);
  });

  it.each([
    ["minus zero", `{"type":"latency","attributes":{"latency":-0}}`, { attributes: { latency: 0 } }],
    [
      "64 bits",
      `{"type":"latency","attributes":{"latency":9223372036854775807}}`,
      { attributes: { latency: 2 ** 63 } },
    ],
    ["a toxicity with a point", `{"type":"noop","toxicity":1.0}`, { toxicity: 1 }],
    ["a toxicity with an exponent", `{"type":"noop","toxicity":5e-1}`, { toxicity: 0.5 }],
    [
      "attributes twice: both count",
      `{"type":"latency","attributes":{"latency":1},"attributes":{"jitter":2}}`,
      { attributes: { latency: 1, jitter: 2 } },
    ],
    [
      "the last of the same name in any case",
      `{"type":"latency","attributes":{"latency":1,"LATENCY":2,"latency":3},"Attributes":{"Latency":4}}`,
      { attributes: { latency: 4 } },
    ],
    [
      "null after a value",
      `{"type":"latency","attributes":{"latency":1,"latency":null}}`,
      { attributes: { latency: 1 } },
    ],
    ["what follows the value", `{"type":"noop"}}{`, { type: "noop" }],
  ])("takes %s", async (_, body, expected) => {
    const proxy = await bench.proxy("127.0.0.1:1");
    const answer = await bench.post(`/proxies/${proxy.name}/toxics`, body);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject(expected);
  });

  it("merges attributes that an update has twice", async () => {
    const proxy = await bench.proxy("127.0.0.1:1");
    await bench.toxic(proxy, { type: "latency", name: "slow", attributes: { latency: 50 } });
    const update = (body: string) => bench.post(`/proxies/${proxy.name}/toxics/slow`, body);
    expect((await update(`{"attributes":{"latency":1},"attributes":{"jitter":2}}`)).json).toMatchObject({
      attributes: { latency: 1, jitter: 2 },
    });
    expect((await update(`{"attributes":{"latency":7.0}}`)).status).toBe(400);
    expect((await update("null x")).json).toMatchObject({ attributes: { latency: 1, jitter: 2 } });
  });
});

describe("POST /reset", () => {
  it("enables every proxy and removes every toxic; connections without a timeout toxic survive", async () => {
    const upstream = await bench.upstream(echo);
    const [disabled, slow, cut] = [
      await bench.proxy(upstream.address),
      await bench.proxy(upstream.address),
      await bench.proxy(upstream.address),
    ];
    await bench.toxic(slow, { type: "latency", attributes: { latency: 60_000 } });
    await bench.toxic(cut, { type: "timeout", attributes: { timeout: 0 } });
    const survivor = await bench.connect(slow.listen);
    const lost = await bench.pair(cut, upstream);
    await bench.call("PATCH", `/proxies/${disabled.name}`, { enabled: false });
    const answer = await bench.post("/reset");
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect((await bench.proxies()).map((proxy) => [proxy.enabled, proxy.toxics])).toEqual(
      [1, 2, 3].map(() => [true, []]),
    );
    await survivor.roundTrip();
    await lost.client.ended();
    await (await bench.connect(disabled.listen)).roundTrip();
  });
});
