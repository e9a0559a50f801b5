/**
 * Images of servers under test: a base image with `redis-server` or `valkey-server` in it, and the fault shim on top
 * (`docker/`). A base that cannot be pulled, but is a version that Debian ships, is made from Debian's packages with
 * mmdebstrap.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { packageRoot } from "../../machine/package-root.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import { makeBase } from "./debian-image.ts";
import type { DebianBase } from "./debian-image.ts";
import { HostError } from "../../machine/host-error.ts";
import { buildShim } from "../shim/shim-build.ts";

/** Where the images have the server and the shim. */
export const IMAGE_SERVER = "/opt/redquake/server";
export const IMAGE_SHIM = "/opt/redquake/redquake-shim.so";

/**
 * The version of `--redis` that is run when none is named: what Debian's stable release had when the campaigns were
 * written.
 */
export const DEFAULT_VERSION = "7.0";

/** The names that `--redis` knows, what each one is made from, and where Debian has the same version. */
export const KNOWN_VERSIONS: Readonly<Record<string, { readonly base: string; readonly debian: DebianBase }>> = {
  "7.0": { base: "redis:7.0", debian: { release: "bookworm", package: "redis-server" } },
  "8.0": { base: "redis:8.0", debian: { release: "trixie", package: "redis-server" } },
  "valkey-8.1": { base: "valkey/valkey:8.1", debian: { release: "trixie", package: "valkey-server" } },
};

export interface ServerImage {
  readonly name: string;
  /** `redis-server 7.0.15`, as the server says of itself. */
  readonly server: string;
  /** `7.0.15`. */
  readonly version: string;
}

export interface ImageRequest {
  /** One of the known versions, or any image that has a server in it. */
  readonly wanted: string;
  readonly cacheFolder: string;
  /** Told what takes time, one line for people each. */
  readonly say: (line: string) => void;
}

const CONTENT_LABEL = "redquake.content";
const SERVER_LABEL = "redquake.server";
const DOCKER_FOLDER = join(packageRoot, "docker");

/** What `--redis` names: the image to run, what it is made from, and the packages that can take the base's place. */
interface Recipe {
  readonly image: string;
  readonly base: string;
  /** The base made of Debian's packages. */
  readonly madeBase: string | undefined;
  readonly debian: DebianBase | undefined;
}

function recipeOf(wanted: string): Recipe {
  const known = KNOWN_VERSIONS[wanted];
  const base = known?.base ?? wanted;
  const image = `redquake/${shortName(base)}`;
  return {
    image,
    base,
    debian: known?.debian,
    madeBase: known === undefined ? undefined : `redquake-base/${shortName(base)}`,
  };
}

/**
 * `valkey/valkey:8.1` → `valkey:8.1`; names of others keep all their parts: `example.org/team/redis` →
 * `example.org-team-redis:latest`.
 */
function shortName(reference: string): string {
  const [, path = "", tag = "latest", digest] = /^(.*?)(?::([\w.-]+))?(?:@sha256:([0-9a-f]+))?$/.exec(reference) ?? [];
  const parts = path.split("/");
  const doubled = parts.length === 2 && parts[0] === parts[1];
  return `${(doubled ? parts[0] : parts.join("-"))?.replaceAll(":", "-").toLowerCase()}:${digest?.slice(0, 12) ?? tag}`;
}

/** The image if it is there and has today's shim in it, without making anything. */
async function currentImage(runtime: ContainerRuntime, wanted: string): Promise<ServerImage | undefined> {
  const recipe = recipeOf(wanted);
  const labels = await runtime.imageLabels(recipe.image);
  const server = labels?.[SERVER_LABEL];
  if (server === undefined || labels?.[CONTENT_LABEL] !== (await contentHash(recipe))) return undefined;
  return { name: recipe.image, server, version: server.slice(server.indexOf(" ") + 1) };
}

/** Whether the image is there, or takes no more than a second to make: its base was made on this machine. */
export async function isQuickToHave(runtime: ContainerRuntime, wanted: string): Promise<boolean> {
  if ((await currentImage(runtime, wanted)) !== undefined) return true;
  const recipe = recipeOf(wanted);
  return recipe.madeBase !== undefined && (await localBase(runtime, recipe)) === recipe.madeBase;
}

/** The image if it is there, or what it can be made from; nothing is pulled or made. */
export async function surveyImage(
  runtime: ContainerRuntime,
  wanted: string,
): Promise<ServerImage | { readonly makeable: "from its base" | "by mmdebstrap" | "by pulling" }> {
  const there = await currentImage(runtime, wanted);
  if (there !== undefined) return there;
  const recipe = recipeOf(wanted);
  if ((await localBase(runtime, recipe)) !== undefined) return { makeable: "from its base" };
  const folders = (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
  const hasTool = folders.some((folder) => existsSync(join(folder, "mmdebstrap")));
  return { makeable: recipe.debian !== undefined && hasTool ? "by mmdebstrap" : "by pulling" };
}

/**
 * The image that was asked for; made when it is not there, or was made from another shim.
 * @throws HostError that says why it is not available, and what to do.
 */
export async function serverImage(runtime: ContainerRuntime, request: ImageRequest): Promise<ServerImage> {
  const { wanted, say } = request;
  const there = await currentImage(runtime, wanted);
  if (there !== undefined) return there;
  const recipe = recipeOf(wanted);
  const base = (await localBase(runtime, recipe)) ?? (await fetchBase(runtime, recipe, request));
  say(`building the image ${recipe.image} from ${base}`);
  const folder = await mkdtemp(join(tmpdir(), "redquake-image-"));
  try {
    const files = await fillContext(folder, base === recipe.madeBase ? request.cacheFolder : undefined);
    const labels = { [CONTENT_LABEL]: await contentHash(recipe), "redquake.base": base };
    const build = { folder, files, base };
    // Twice, the second time from the first one's layers: only a server that is there can be asked for its version.
    await runtime.buildImage(recipe.image, { ...build, labels });
    const server = await askServer(runtime, recipe.image);
    await runtime.buildImage(recipe.image, { ...build, labels: { ...labels, [SERVER_LABEL]: server } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const made = await currentImage(runtime, wanted);
  if (made === undefined)
    throw new HostError(`the image ${recipe.image} was built, but is not there: is it being removed?`);
  return made;
}

/** Changes with everything that the image is made of, but for the base's own content. */
async function contentHash(recipe: Recipe): Promise<string> {
  const hash = createHash("sha256").update(recipe.base);
  for (const file of ["Dockerfile", "shim/redquake-shim.c"]) hash.update(await readFile(join(DOCKER_FOLDER, file)));
  return hash.digest("hex").slice(0, 16);
}

async function localBase(runtime: ContainerRuntime, recipe: Recipe): Promise<string | undefined> {
  for (const name of [recipe.base, recipe.madeBase]) {
    if (name !== undefined && (await runtime.imageLabels(name)) !== undefined) return name;
  }
  return undefined;
}

/** Pulls the base, or makes it. Returns its name. */
async function fetchBase(runtime: ContainerRuntime, recipe: Recipe, { wanted, say }: ImageRequest): Promise<string> {
  say(`pulling ${recipe.base}`);
  try {
    await runtime.pullImage(recipe.base);
    return recipe.base;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (recipe.debian === undefined || recipe.madeBase === undefined) {
      const known = Object.keys(KNOWN_VERSIONS).join(", ");
      throw new HostError(
        `--redis ${JSON.stringify(wanted)} is neither an image that can be pulled nor one of ${known} (${error.message})`,
        { cause: error },
      );
    }
    say(
      `${recipe.base} cannot be pulled (${error.message}); making it from Debian ${recipe.debian.release}'s packages`,
    );
    await makeBase(runtime, recipe.madeBase, recipe.debian);
    return recipe.madeBase;
  }
}

/**
 * Copies what the build needs. With a cache folder, the library that this machine compiles goes with it. Returns the
 * files' names.
 */
async function fillContext(folder: string, cacheFolder: string | undefined): Promise<string[]> {
  const files = ["Dockerfile", "shim/redquake-shim.c"];
  for (const file of files) await cp(join(DOCKER_FOLDER, file), join(folder, file));
  if (cacheFolder === undefined) return files;
  const shim = await buildShim(cacheFolder);
  if ("missing" in shim) throw new HostError(shim.missing);
  const library = join("shim", basename(IMAGE_SHIM));
  await cp(shim.library, join(folder, library));
  return [...files, library];
}

/** `Redis server v=7.0.15 sha=…` → `redis-server 7.0.15`. */
async function askServer(runtime: ContainerRuntime, image: string): Promise<string> {
  const answer = await runtime.output(image, IMAGE_SERVER, ["--version"]);
  const [, name, version] = /\b(Redis|Valkey) server v=(\d+\.\d+\S*)/.exec(answer) ?? [];
  if (name === undefined || version === undefined) {
    throw new HostError(`the server in ${image} does not say its version, but ${JSON.stringify(answer.slice(0, 200))}`);
  }
  return `${name.toLowerCase()}-server ${version}`;
}
