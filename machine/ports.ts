/** Free ports of this machine, below the range from which the kernel takes ports for outgoing connections. */
import { createServer } from "node:net";
import { HostError } from "./host-error.ts";

const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/** Two runs on one machine start to look at different places, so they seldom ask for the same port. */
let next = FIRST_PORT + ((process.pid * 1_009) % (LAST_PORT - FIRST_PORT));

/**
 * Finds `count` ports that nobody listens on, on any of the `hosts`: addresses of this machine. They are free when this
 * returns, not reserved: a server that finds its port taken must be told so by its own log.
 * @throws HostError when the whole range is taken.
 */
export async function freePorts(count: number, hosts: readonly string[] = ["127.0.0.1"]): Promise<number[]> {
  const ports: number[] = [];
  for (let tried = 0; tried < LAST_PORT - FIRST_PORT && ports.length < count; tried += 1) {
    next = next >= LAST_PORT ? FIRST_PORT : next + 1;
    // While this one is tried, runs side by side go on to others.
    const port = next;
    if ((await Promise.all(hosts.map((host) => isFree(host, port)))).every(Boolean)) ports.push(port);
  }
  if (ports.length < count) {
    throw new HostError(
      `only ${ports.length} of ${count} ports are free between ${FIRST_PORT} and ${LAST_PORT}; end what listens there`,
    );
  }
  return ports;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
