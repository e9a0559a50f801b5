/** Runs whose links go through a Toxiproxy of the user's choice. */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cacheFolder } from "../../../machine/cache-folder.ts";
import { DEFAULT_VERSION, serverImage } from "../../../hosts/docker/server-image.ts";
import { Links } from "../../../network/links.ts";
import { startToxiproxyProcess } from "../../../network/toxiproxy-process.ts";
import type { ToxiproxyProcess } from "../../../network/toxiproxy-process.ts";
import { packageRoot } from "../../../machine/package-root.ts";
import { abandonOwnProxies, chooseToxiproxy } from "../../../runner/equipment/choose-toxiproxy.ts";
import { containerLabels } from "../../../runner/equipment/clean-containers.ts";
import { coordinatorMark } from "../../../runner/equipment/clean.ts";
import { containerRuntime, dockerMissing, dockerNote, IMAGE_TIMEOUT_MS } from "../../support/docker-nodes.ts";

const REQUEST = { from: "w1", to: "n1", channel: "data", upstream: { host: "127.0.0.1", port: 9 } } as const;
const QUIET = (): void => undefined;

async function names(url: string): Promise<string[]> {
  return Object.keys((await (await fetch(`${url}/proxies`)).json()) as object);
}

function runOf(coordinator: string, run: string) {
  return { run, coordinator, seed: 1, logFile: "/dev/null", environment: {} };
}

describe("--toxiproxy URL", () => {
  let server: ToxiproxyProcess;
  beforeAll(async () => {
    server = await startToxiproxyProcess({ seed: 1 });
  });
  afterAll(() => server.stop());

  it("removes what killed runs have left there, and nothing else", async () => {
    const choice = { kind: "url", url: server.url } as const;
    const source = await chooseToxiproxy(choice, QUIET);
    // No process has such an id (proc(5), pid_max).
    const killed = await source.open(runOf("4194305:1", "dead"));
    const living = await source.open(runOf(coordinatorMark(), "living"));
    for (const home of [killed, living]) await Links.create(home, [REQUEST]);
    await Links.create(server, [{ ...REQUEST, from: "somebody" }]);
    expect(await names(server.url)).toHaveLength(3);

    await chooseToxiproxy(choice, QUIET);
    expect((await names(server.url)).toSorted()).toEqual([`${living.proxyPrefix}w1.n1`, "somebody.n1"]);

    await living.stop();
    expect(await names(server.url)).toEqual(["somebody.n1"]);
    // Only its watch is left to be ended.
    await killed.stop();
  });

  it("loses the proxies of this process's runs when everything is ended at once", async () => {
    const source = await chooseToxiproxy({ kind: "url", url: server.url }, QUIET);
    const before = await names(server.url);
    await Links.create(await source.open(runOf(coordinatorMark(), "one")), [REQUEST]);
    await Links.create(await source.open(runOf(coordinatorMark(), "two")), [REQUEST]);
    expect(await names(server.url)).toHaveLength(before.length + 2);
    await abandonOwnProxies();
    expect(await names(server.url)).toEqual(before);
  });

  it("loses those whose removal is under way, too, before that is called done", async () => {
    const source = await chooseToxiproxy({ kind: "url", url: server.url }, QUIET);
    const before = await names(server.url);
    const home = await source.open(runOf(coordinatorMark(), "three"));
    await Links.create(home, [REQUEST]);
    const stopping = home.stop();
    await abandonOwnProxies();
    expect(await names(server.url)).toEqual(before);
    await stopping;
  });

  it("is refused at once where nothing answers", async () => {
    await expect(chooseToxiproxy({ kind: "url", url: "http://127.0.0.1:1" }, QUIET)).rejects.toThrow(
      /^no Toxiproxy answers at http:\/\/127\.0\.0\.1:1 \(/,
    );
  });
});

/**
 * Toxiproxy's own image cannot be pulled everywhere, so the embedded server stands in for it, with the same arguments.
 */
describe.skipIf(dockerMissing)(`--toxiproxy IMAGE${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  const image = "redquake-test/toxiproxy:embedded";
  const broken = "redquake-test/toxiproxy:broken";

  beforeAll(async () => {
    const runtime = containerRuntime();
    const base = await serverImage(runtime, { wanted: DEFAULT_VERSION, cacheFolder: cacheFolder(), say: QUIET });
    const folder = await mkdtemp(join(tmpdir(), "test-toxiproxy-image-"));
    const build = async (name: string, files: readonly string[], lines: readonly string[]): Promise<void> => {
      await writeFile(join(folder, "Dockerfile"), ["ARG BASE", "FROM $BASE", ...lines, ""].join("\n"));
      await runtime.buildImage(name, { folder, files: ["Dockerfile", ...files], base: base.name, labels: {} });
    };
    try {
      await cp(process.execPath, join(folder, "node"));
      await cp(join(packageRoot, "network/toxiproxy"), join(folder, "toxiproxy"), { recursive: true });
      const library = "node_modules/pure-rand";
      await cp(join(packageRoot, library), join(folder, "toxiproxy", library), { recursive: true });
      await build(
        image,
        ["node", "toxiproxy"],
        ["COPY node toxiproxy /toxiproxy/", 'ENTRYPOINT ["/toxiproxy/node", "/toxiproxy/main.ts"]'],
      );
      await build(broken, [], ['ENTRYPOINT ["/bin/sh", "-c", "echo no such flag; exit 2"]']);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, IMAGE_TIMEOUT_MS);

  it("runs it for each run, on the machine's own network, and removes it", async () => {
    const source = await chooseToxiproxy({ kind: "image", image }, QUIET);
    const server = await source.open(runOf(coordinatorMark(), "test"));
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.description).toBe(`${server.version} (${image})`);
    const [link] = (await Links.create(server, [REQUEST])).all;
    expect(link?.listen.host).toBe("127.0.0.1");
    await server.stop();
    const [label] = Object.entries(containerLabels(coordinatorMark())).map(([name, value]) => `${name}=${value}`);
    expect(await containerRuntime().labelled(label ?? "")).toEqual([]);
  });

  it("names an image that cannot be pulled", async () => {
    await expect(chooseToxiproxy({ kind: "image", image: "redquake-test/none:1" }, QUIET)).rejects.toThrow(
      /^--toxiproxy "redquake-test\/none:1": the engine could not pull [^]*; leave it out to use the embedded server/,
    );
  });

  it("says so when the container ends at once", async () => {
    const source = await chooseToxiproxy({ kind: "image", image: broken }, QUIET);
    await expect(source.open(runOf(coordinatorMark(), "test"))).rejects.toThrow(
      `the container of ${broken} ended at once: is it a Toxiproxy that takes -host and -port?\nno such flag`,
    );
  });
});
