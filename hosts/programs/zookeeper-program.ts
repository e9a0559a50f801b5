/**
 * ZooKeeper's server, which is a Java program: as its own release has it (`zkServer.sh` on PATH), or as Debian's
 * `libzookeeper-java` does.
 */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { askProgram, executablesOnPath } from "../../machine/executables.ts";
import type { FoundProgram, ProgramRecipe } from "./program-recipe.ts";

const DEBIAN_JARS = "/usr/share/java";

/**
 * What the server loads, of all that the packages bring; their other logging libraries would get in the way of this
 * one.
 */
export const ZOOKEEPER_JARS = [
  "zookeeper",
  "zookeeper-jute",
  "slf4j-api",
  "slf4j-simple",
  "metrics-core",
  "snappy-java",
  "commons-io",
  "netty-buffer",
  "netty-codec",
  "netty-common",
  "netty-handler",
  "netty-resolver",
  "netty-transport",
  "netty-transport-native-epoll",
  "netty-transport-native-unix-common",
];

/**
 * Small and quick to start; on addresses as the fault shim knows them; with nothing in a shared folder, which would
 * stay there after a SIGKILL.
 */
export const JVM_OPTIONS = [
  "-Xmx128m",
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-XX:-UsePerfData",
  "-Djava.net.preferIPv4Stack=true",
  "-Dzookeeper.jmx.log4j.disable=true",
  "-Dorg.slf4j.simpleLogger.showDateTime=true",
  "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
];

export const ZOOKEEPER_SERVER = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
/** What is run to be told the version. */
export const ZOOKEEPER_VERSION = ["org.apache.zookeeper.Version", "--short"];

export const zookeeperProgram: ProgramRecipe = {
  async installed(path) {
    const [java] = executablesOnPath("java", path);
    if (java === undefined) return { problem: "there is no java on PATH" };
    const jars = releaseJars(path) ?? debianJars([DEBIAN_JARS]);
    return jars === undefined
      ? { problem: `there is neither zkServer.sh on PATH nor ${DEBIAN_JARS}/zookeeper.jar` }
      : tried(java, jars);
  },
  async unpacked(folder, path) {
    const java = executablesOnPath("java", path)[0] ?? unpackedJava(folder);
    if (java === undefined) return { problem: "has no java in usr/lib/jvm" };
    // What was installed already when the packages were fetched is not among them.
    const jars = debianJars([join(folder, DEBIAN_JARS), DEBIAN_JARS]);
    return jars === undefined ? { problem: "has no zookeeper.jar" } : tried(java, jars);
  },
  packages: (path) => [
    "libzookeeper-java",
    ...(executablesOnPath("java", path).length > 0 ? [] : ["default-jre-headless"]),
  ],
  remedy: "install Java and ZooKeeper 3.8 or newer, so that `java` and `zkServer.sh` are on PATH",
};

/** The jars of an unpacked release: `lib` beside the folder of `zkServer.sh`. */
function releaseJars(path: string): string[] | undefined {
  const [script] = ["zkServer.sh", "zkServer"].flatMap((name) => executablesOnPath(name, path));
  const folder = script === undefined ? undefined : join(dirname(dirname(realpathSync(script))), "lib");
  if (folder === undefined || !existsSync(folder)) return undefined;
  const jars = readdirSync(folder).filter((file) => file.endsWith(".jar"));
  return jars.some((file) => file.startsWith("zookeeper-")) ? jars.map((file) => join(folder, file)) : undefined;
}

/** Each jar from the first of the folders that has it; undefined where there is no ZooKeeper in any. */
function debianJars(folders: readonly string[]): string[] | undefined {
  const found = ZOOKEEPER_JARS.flatMap((name) => {
    const jar = folders.map((folder) => join(folder, `${name}.jar`)).find((file) => existsSync(file));
    return jar === undefined ? [] : [jar];
  });
  return found.some((jar) => jar.endsWith("/zookeeper.jar")) ? found : undefined;
}

function unpackedJava(folder: string): string | undefined {
  const machines = join(folder, "usr", "lib", "jvm");
  if (!existsSync(machines)) return undefined;
  return readdirSync(machines)
    .map((name) => join(machines, name, "bin", "java"))
    .find((file) => existsSync(file));
}

/** The answer is `3.8.0`. */
async function tried(java: string, jars: readonly string[]): Promise<FoundProgram> {
  const classPath = ["-cp", jars.join(":")];
  const answer = await askProgram(java, [...JVM_OPTIONS, ...classPath, ...ZOOKEEPER_VERSION]);
  const version = /^(\d+\.\d+\S*)$/m.exec(answer.text)?.[1];
  if (version === undefined) return { problem: `does not tell its version: ${answer.problem}` };
  return { command: [java, ...JVM_OPTIONS, ...classPath, ZOOKEEPER_SERVER], version };
}
