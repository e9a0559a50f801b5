/**
 * Images of the servers that Redis is compared with, made of Debian's packages by mmdebstrap; there is no fault shim in
 * them.
 */
import type { ContainerRuntime } from "./container-runtime.ts";
import { makeBase } from "./debian-image.ts";
import { HostError } from "../../machine/host-error.ts";
import type { Comparator } from "../host.ts";
import { JVM_OPTIONS, ZOOKEEPER_JARS, ZOOKEEPER_SERVER, ZOOKEEPER_VERSION } from "../programs/zookeeper-program.ts";

export interface ComparatorImage {
  readonly image: string;
  /** An executable and its first arguments; what its configuration says comes after them. */
  readonly command: readonly [executable: string, ...args: string[]];
  /** Such as `3.4.23`. */
  readonly version: string;
}

interface Recipe {
  /** Packages of Debian bookworm. */
  readonly packages: string;
  readonly command: ComparatorImage["command"];
  /** What makes it tell its version, and where in the answer that is. */
  readonly asks: readonly [executable: string, args: readonly string[], version: RegExp];
}

const RELEASE = "bookworm";
const CLASS_PATH = ["-cp", ZOOKEEPER_JARS.map((jar) => `/usr/share/java/${jar}.jar`).join(":")];

const RECIPES: Readonly<Record<Comparator, Recipe>> = {
  etcd: {
    packages: "etcd-server",
    command: ["/usr/bin/etcd"],
    asks: ["/usr/bin/etcd", ["--version"], /^etcd Version: (\S+)/m],
  },
  zookeeper: {
    packages: "libzookeeper-java,default-jre-headless",
    command: ["/usr/bin/java", ...JVM_OPTIONS, ...CLASS_PATH, ZOOKEEPER_SERVER],
    asks: ["/usr/bin/java", [...JVM_OPTIONS, ...CLASS_PATH, ...ZOOKEEPER_VERSION], /^(\d+\.\d+\S*?)\s*$/m],
  },
};

function imageName(name: Comparator): string {
  return `redquake-comparator/${name}:${RELEASE}`;
}

/** Whether it is there, without making it. */
export async function hasComparatorImage(runtime: ContainerRuntime, name: Comparator): Promise<boolean> {
  return (await runtime.imageLabels(imageName(name))) !== undefined;
}

/**
 * The image, made where it is not there yet, which takes a minute or two.
 * @throws HostError that says why it is not available, and what to do.
 */
export async function comparatorImage(
  runtime: ContainerRuntime,
  name: Comparator,
  say: (line: string) => void,
): Promise<ComparatorImage> {
  const { packages, command, asks } = RECIPES[name];
  const image = imageName(name);
  if (!(await hasComparatorImage(runtime, name))) {
    say(`making the image ${image} from Debian ${RELEASE}'s packages`);
    await makeBase(runtime, image, { release: RELEASE, package: packages });
  }
  const [executable, args, pattern] = asks;
  const answer = await runtime.output(image, executable, args);
  const version = pattern.exec(answer)?.[1];
  if (version === undefined)
    throw new HostError(`${name} in ${image} does not tell its version, but ${JSON.stringify(answer.slice(0, 200))}`);
  return { image, command, version };
}

/** All of them, one after the other. @throws HostError when one is not available. */
export async function comparatorImages(
  runtime: ContainerRuntime,
  names: readonly Comparator[],
  say: (line: string) => void,
): Promise<Partial<Record<Comparator, ComparatorImage>>> {
  const images: Partial<Record<Comparator, ComparatorImage>> = {};
  for (const name of names) images[name] = await comparatorImage(runtime, name, say);
  return images;
}
