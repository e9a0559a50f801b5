/**
 * What this machine can do for campaigns, and what would have to be there for the rest. Everything is tried, nothing is
 * fetched or installed.
 */
import { statfs } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { findChromium } from "../../machine/chromium-binary.ts";
import type { ContainerRuntime } from "../../hosts/docker/container-runtime.ts";
import { findEngine } from "../../hosts/docker/find-engine.ts";
import { packetPowers } from "../../hosts/packets/packet-powers.ts";
import { findPresentRedisServer } from "../../hosts/programs/redis-binary.ts";
import type { RedisBinary } from "../../hosts/programs/redis-binary.ts";
import { buildShim } from "../../hosts/shim/shim-build.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import { leftBehind } from "./clean.ts";
import { disproveShim } from "./shim-proof.ts";

/** One thing that was looked at. */
export interface Finding {
  /** Such as `redis-server`; the same on every machine. */
  readonly topic: string;
  /**
   * `yes`: there, and it works. `no`: something cannot be done without it. `note`: nothing depends on it, or redquake
   * gets it by itself.
   */
  readonly state: "yes" | "no" | "note";
  /** What was found, in a few words. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export interface Survey {
  readonly findings: readonly Finding[];
  /** Where campaigns can run: with what is here, or with what they fetch by themselves. */
  readonly hosts: readonly ("process" | "docker")[];
}

/** Less than this is filled by a few dozen long runs. */
const LITTLE_SPACE_BYTES = 2 ** 30;
const OFFICIAL_TOXIPROXY = "ghcr.io/shopify/toxiproxy";
const RYUK = "testcontainers/ryuk";

/** @param results where stored runs go; need not be there yet */
export async function survey(results: string): Promise<Survey> {
  const cache = cacheFolder();
  const [redis, found] = await Promise.all([findPresentRedisServer({ cacheFolder: cache }), findEngine()]);
  const runtime = "runtime" in found ? found.runtime : undefined;
  const images = runtime === undefined ? [] : await surveyImages(runtime);
  const findings: Finding[] = [
    { topic: "Node.js", state: "yes", text: process.version },
    redisFinding(redis),
    await shimFinding(redis, cache),
    "missing" in found
      ? { topic: "container engine", state: "no", text: found.missing, remedy: found.remedy }
      : await engineFinding(found.runtime),
    ...images,
    await toxiproxyFinding(),
    ...(runtime === undefined ? [] : await otherImages(runtime)),
    ...(await packetFindings(runtime !== undefined)),
    chromiumFinding(cache),
    await spaceFinding(results),
    await leftFinding(),
  ];
  const plain = "server" in redis || redis.fetchable;
  const docker = images.some(({ state }) => state !== "no");
  return { findings, hosts: [...(plain ? ["process" as const] : []), ...(docker ? ["docker" as const] : [])] };
}

type FoundRedis = Awaited<ReturnType<typeof findPresentRedisServer>>;

function redisFinding(redis: FoundRedis): Finding {
  const topic = "redis-server";
  if ("server" in redis) return { topic, state: "yes", text: `${redis.version} (${redis.origin}: ${redis.server})` };
  if (redis.fetchable)
    return {
      topic,
      state: "note",
      text: "none yet; the first campaign fetches the distribution's into a private cache",
    };
  return { topic, state: "no", text: redis.missing };
}

async function shimFinding(redis: FoundRedis, cache: string): Promise<Finding> {
  const topic = "fault shim";
  const shim = await buildShim(cache);
  if ("missing" in shim) return { topic, state: "no", text: shim.missing };
  if (!("server" in redis)) return { topic, state: "yes", text: "compiled; not tried, as there is no server yet" };
  return triedShim(redis, shim);
}

async function triedShim(redis: RedisBinary, shim: { readonly library: string }): Promise<Finding> {
  const topic = "fault shim";
  try {
    const { server, version, origin, libraryPath } = redis;
    const problem = await disproveShim({ server, version, origin, shim }, libraryPath);
    if (problem === undefined)
      return { topic, state: "yes", text: "compiled; a server that has loaded it shows the time that it was told" };
    return { topic, state: "no", text: `compiled, but it does not work: ${problem}` };
  } catch (error) {
    // Whatever keeps a server from starting is what the user needs to know.
    return { topic, state: "no", text: `compiled, but no server runs with it: ${(error as Error).message}` };
  }
}

async function engineFinding(runtime: ContainerRuntime): Promise<Finding> {
  const text = `Docker ${runtime.version}, API ${await runtime.apiVersion()}, on this machine`;
  return { topic: "container engine", state: "yes", text };
}

async function surveyImages(runtime: ContainerRuntime): Promise<readonly Finding[]> {
  const { KNOWN_VERSIONS, surveyImage } = await import("../../hosts/docker/server-image.ts");
  return Promise.all(
    Object.keys(KNOWN_VERSIONS).map(async (version): Promise<Finding> => {
      const topic = `image ${version}`;
      const image = await surveyImage(runtime, version);
      if ("server" in image) return { topic, state: "yes", text: `${image.server} (${image.name})` };
      const remedy = `npm run images -- ${version}`;
      if (image.makeable === "from its base")
        return { topic, state: "note", text: "not there with the present fault shim, but its base is", remedy };
      if (image.makeable === "by mmdebstrap")
        return {
          topic,
          state: "note",
          text: "not there; it can be pulled, or made by mmdebstrap, given a network",
          remedy,
        };
      return {
        topic,
        state: "note",
        text: "not there; it can only be pulled, given a network, as there is no mmdebstrap",
        remedy: `${remedy}, or install mmdebstrap`,
      };
    }),
  );
}

/** Starts it for a moment. */
async function toxiproxyFinding(): Promise<Finding> {
  const toxiproxy = await startToxiproxyProcess({ seed: 0 });
  await toxiproxy.stop();
  return { topic: "Toxiproxy", state: "yes", text: toxiproxy.description };
}

async function otherImages(runtime: ContainerRuntime): Promise<readonly Finding[]> {
  const [toxiproxy, ryuk] = await Promise.all([runtime.imagesOf(OFFICIAL_TOXIPROXY), runtime.imagesOf(RYUK)]);
  return [
    {
      topic: "image of Toxiproxy",
      state: "note",
      text:
        toxiproxy.length > 0
          ? `${toxiproxy.join(", ")}: --toxiproxy ${toxiproxy[0]} uses it`
          : `${OFFICIAL_TOXIPROXY} is not there; the embedded server does without it`,
    },
    {
      topic: "image of Ryuk",
      state: "note",
      text: `${ryuk.length > 0 ? `${ryuk.join(", ")} looks after containers too` : "not there, and not needed"}; redquake cleans up by its own labels`,
    },
  ];
}

async function packetFindings(hasEngine: boolean): Promise<readonly Finding[]> {
  const { filterMissing, netemMissing } = await packetPowers();
  const topics = [
    { topic: "faults of packets: drop, loss", missing: filterMissing },
    { topic: "faults of packets: delay, reorder, duplicate", missing: filterMissing ?? netemMissing },
  ];
  return topics.map(({ topic, missing }): Finding => {
    if (missing !== undefined) return { topic, state: "no", text: missing };
    return hasEngine
      ? { topic, state: "yes", text: "rights, tools and kernel were tried" }
      : { topic, state: "note", text: "possible, but only for nodes in containers" };
  });
}

function chromiumFinding(cache: string): Finding {
  const topic = "Chromium (for npm test)";
  const chromium = findChromium(cache);
  if (chromium !== undefined) return { topic, state: "yes", text: chromium.executablePath };
  return { topic, state: "note", text: "none yet; `npm test` fetches the distribution's into a private cache" };
}

async function spaceFinding(results: string): Promise<Finding> {
  const topic = "space for results";
  let folder = resolve(results);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail: blocks, bsize: size } = await statfs(folder);
  const free = blocks * size;
  const text = `${(free / 2 ** 30).toFixed(1)} GiB free in ${folder}`;
  if (free >= LITTLE_SPACE_BYTES) return { topic, state: "yes", text };
  return { topic, state: "no", text, remedy: "free some, or choose another place with --results" };
}

async function leftFinding(): Promise<Finding> {
  const topic = "left by killed runs";
  const { processes, folders, containers, runs } = await leftBehind();
  if (processes + folders + containers === 0) return { topic, state: "yes", text: "nothing" };
  return {
    topic,
    state: "note",
    text: [
      `processes: ${processes}, containers: ${containers}, temporary folders: ${folders}`,
      ...(runs.length === 0 ? [] : [`runs: ${runs.join("; ")}`]),
    ].join("; "),
    remedy: "redquake clean, which every campaign's start does too",
  };
}
