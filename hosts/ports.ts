/** Free ports on the loopback interface, below the range from which the kernel takes ports for outgoing connections. */
import { createServer } from "node:net";
import { HostError } from "./host-error.ts";

const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/** Two runs on one machine start to look at different places, so they seldom ask for the same port. */
let next = FIRST_PORT + ((process.pid * 97) % (LAST_PORT - FIRST_PORT));

/**
 * Finds `count` ports of 127.0.0.1 that nobody listens on. They are free when this returns, not reserved: a server that finds its
 * port taken must be told so by its own log.
 * @throws HostError when the whole range is taken.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tried = 0; tried < LAST_PORT - FIRST_PORT && ports.length < count; tried += 1) {
    next = next >= LAST_PORT ? FIRST_PORT : next + 1;
    if (await isFree(next)) ports.push(next);
  }
  if (ports.length < count) {
    throw new HostError(
      `only ${ports.length} of ${count} ports are free between ${FIRST_PORT} and ${LAST_PORT}; end what listens there`,
    );
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
