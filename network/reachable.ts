/**
 * Whether proxies that a server says it has made can be reached from here: one that runs elsewhere has made them there.
 */
import { connect } from "node:net";
import { HostError } from "../machine/host-error.ts";
import type { Endpoint, Link } from "./link.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** Tries one proxy at each address. @throws HostError naming the first one that takes no connection. */
export async function assertListening(url: string, links: readonly Link[]): Promise<void> {
  const ones = new Map(links.map((link) => [link.listen.host, link]));
  for (const { proxy, listen } of ones.values()) {
    const problem = await connectProblem(listen);
    if (problem === undefined) continue;
    throw new HostError(
      `the Toxiproxy at ${url} has made the proxy ${proxy} at ${listen.host}:${listen.port}, where nothing can be reached from here (${problem}): it must run on this machine and in its network, in a container with \`--network host\``,
    );
  }
}

function connectProblem(endpoint: Endpoint): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(endpoint);
    const finish = (problem: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(problem);
    };
    const timer = setTimeout(() => finish("no answer"), CONNECT_TIMEOUT_MS);
    socket.once("connect", () => finish(undefined));
    socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}
