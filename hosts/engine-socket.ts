/** Whether a container engine may be there at all: a look at the places that testcontainers looks at, without loading it. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export function mayHaveEngine(environment: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const runtimeFolder = environment["XDG_RUNTIME_DIR"];
  return (
    (environment["DOCKER_HOST"] ?? "") !== "" ||
    [
      "/var/run/docker.sock",
      ...(runtimeFolder === undefined ? [] : [join(runtimeFolder, "docker.sock")]),
      join(homedir(), ".testcontainers.properties"),
      join(homedir(), ".docker", "run", "docker.sock"),
      join(homedir(), ".docker", "desktop", "docker.sock"),
    ].some((place) => existsSync(place))
  );
}
