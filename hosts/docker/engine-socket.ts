/**
 * Whether a container engine may be there at all: a look at the places that testcontainers looks at, without loading
 * it.
 */
import { existsSync } from "node:fs";
import { connect } from "node:net";
import type { NetConnectOpts } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Why no engine can be used, and what to do about it: parts of a sentence. */
export interface EngineMissing {
  readonly missing: string;
  readonly remedy: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
export const START_ONE = "start Docker, or set DOCKER_HOST";

export function mayHaveEngine(environment: Environment = process.env): boolean {
  return (
    (environment["DOCKER_HOST"] ?? "") !== "" ||
    existsSync(settingsFile()) ||
    usualSockets(environment).some((place) => existsSync(place))
  );
}

/**
 * Tries to connect to where the engine should be, and says in words why that fails; undefined where something takes the
 * connection, or where only testcontainers' own settings know the place. A `DOCKER_HOST` that leads nowhere counts,
 * though a usual socket may work: it was asked for.
 */
export async function engineUnreachable(environment: Environment = process.env): Promise<EngineMissing | undefined> {
  const named = environment["DOCKER_HOST"] ?? "";
  if (named !== "") {
    const place = placeOf(named);
    return place === undefined ? undefined : unreachable(`at DOCKER_HOST=${named}`, place);
  }
  if (existsSync(settingsFile())) return undefined;
  const sockets = usualSockets(environment).filter((place) => existsSync(place));
  const tried = await Promise.all(sockets.map((path) => unreachable(`at ${path}`, { path })));
  if (tried.includes(undefined)) return undefined;
  return tried[0] ?? { missing: "no container engine answers", remedy: START_ONE };
}

/**
 * The sockets where testcontainers finds an engine, if it finds one; undefined where it may look elsewhere, or where an
 * engine does not simply listen on a socket.
 */
export function certainSockets(environment: Environment): readonly string[] | undefined {
  if (existsSync(settingsFile())) return undefined;
  const named = environment["DOCKER_HOST"] ?? "";
  if (named === "") return usualSockets(environment);
  const place = placeOf(named);
  return place !== undefined && "path" in place ? [place.path] : undefined;
}

function settingsFile(): string {
  return join(homedir(), ".testcontainers.properties");
}

function usualSockets(environment: Environment): string[] {
  const runtimeFolder = environment["XDG_RUNTIME_DIR"];
  return [
    "/var/run/docker.sock",
    ...(runtimeFolder === undefined ? [] : [join(runtimeFolder, "docker.sock")]),
    join(homedir(), ".docker", "run", "docker.sock"),
    join(homedir(), ".docker", "desktop", "docker.sock"),
  ];
}

/** Where a `DOCKER_HOST` leads. Undefined for what only an engine's own client knows how to reach, such as `ssh://`. */
export function placeOf(
  dockerHost: string,
): { readonly path: string } | { readonly host: string; readonly port: number } | undefined {
  if (dockerHost.startsWith("unix://")) return { path: dockerHost.slice("unix://".length) };
  const tcp = /^(?:tcp|https?):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?/.exec(dockerHost);
  if (tcp === null) return undefined;
  return { host: (tcp[1] ?? "").replaceAll(/[[\]]/g, ""), port: Number(tcp[2] ?? 2375) };
}

async function unreachable(where: string, place: NetConnectOpts): Promise<EngineMissing | undefined> {
  const code = await connectionError(place);
  if (code === undefined) return undefined;
  if (code === "EACCES" || code === "EPERM") {
    return {
      missing: `you may not use the container engine ${where} (${code})`,
      remedy: "add yourself to its group (`sudo usermod -aG docker $USER`, then log in again)",
    };
  }
  return { missing: `no container engine answers ${where} (${code})`, remedy: START_ONE };
}

/** The code of the error, such as `ECONNREFUSED`, or undefined when the connection was made. */
function connectionError(place: NetConnectOpts): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(place);
    const finish = (code: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(code);
    };
    const timer = setTimeout(() => finish("ETIMEDOUT"), CONNECT_TIMEOUT_MS);
    socket.once("connect", () => finish(undefined));
    socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}
