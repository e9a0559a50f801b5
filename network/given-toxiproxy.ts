/**
 * A Toxiproxy that runs already, and that others may be using: the run's proxies have names of their own, and nothing but them is
 * touched. Real ones answer `/version` with JSON since 2.6, and with bare text before (https://github.com/Shopify/toxiproxy).
 */
import { HostError } from "../hosts/host-error.ts";
import type { ToxiproxyServer } from "./toxiproxy-server.ts";

/** How long the server may take to answer; more than any busy one needs. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How often it is looked whether the server is still there. */
const WATCH_EVERY_MS = 500;

export interface GivenToxiproxyOptions {
  readonly url: string;
  /** What the names of this run's proxies start with; nobody else's do. */
  readonly proxyPrefix: string;
}

/** The version that the server at an address says of itself, or why it does not. */
export async function toxiproxyVersion(
  url: string,
): Promise<{ readonly version: string } | { readonly problem: string }> {
  let response: Response;
  let text: string;
  try {
    response = await ask(url, "/version");
    text = (await response.text()).trim();
  } catch (error) {
    return { problem: `no Toxiproxy answers at ${url} (${causeOf(error)})` };
  }
  const version = /^(?:\{\s*"version"\s*:\s*)?"?v?(\d+\.\d+[\w.+-]*)/.exec(text)?.[1];
  if (response.ok && version !== undefined) return { version };
  const answer = `${response.status} ${JSON.stringify(text.slice(0, 100))}`;
  return { problem: `what answers at ${url} is no Toxiproxy: asked for its version it said ${answer}` };
}

/** @throws HostError where nothing answers at the address, or something else than a Toxiproxy does. */
export async function askToxiproxyVersion(url: string): Promise<string> {
  const answer = await toxiproxyVersion(url);
  if ("version" in answer) return answer.version;
  throw new HostError(`${answer.problem}: start one there, or leave --toxiproxy out to use the embedded server`);
}

/** Uses a running server for one run. @throws HostError where there is none. */
export async function useToxiproxy({ url, proxyPrefix }: GivenToxiproxyOptions): Promise<ToxiproxyServer> {
  const version = await askToxiproxyVersion(url);
  const watch = watchToxiproxy(url);
  return {
    url,
    version,
    description: `${version} (at ${url})`,
    proxyPrefix,
    onExit: watch.onExit,
    stop: async () => {
      watch.end();
      // What is gone took its proxies along.
      if (watch.ended() !== undefined) return;
      await removeProxies(url, (name) => name.startsWith(proxyPrefix));
    },
  };
}

/** Removes the proxies whose names are chosen. @throws HostError when the server does not do it. */
export async function removeProxies(url: string, isDoomed: (name: string) => boolean): Promise<void> {
  try {
    const all = (await (await ask(url, "/proxies")).json()) as Readonly<Record<string, unknown>>;
    const doomed = Object.keys(all).filter(isDoomed);
    const answers = await Promise.all(doomed.map((name) => ask(url, `/proxies/${encodeURIComponent(name)}`, "DELETE")));
    // Somebody else may have removed one in the meantime.
    const refused = answers.find((answer) => !answer.ok && answer.status !== 404);
    if (refused !== undefined) throw new Error(`it answered ${refused.status}: ${await refused.text()}`);
  } catch (error) {
    throw new HostError(
      `the proxies of the run could not be removed from the Toxiproxy at ${url} (${causeOf(error)}): restart it, or remove them yourself`,
      { cause: error },
    );
  }
}

export interface ToxiproxyWatch {
  onExit(callback: (reason: string) => void): void;
  /** Why the server counts as gone. */
  ended(): string | undefined;
  end(): void;
}

/** It is no process of ours, so nobody tells of its end: it is asked again and again. */
export function watchToxiproxy(url: string): ToxiproxyWatch {
  const listeners: ((reason: string) => void)[] = [];
  let reason: string | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      await (await ask(url, "/version")).arrayBuffer();
    } catch (error) {
      if (stopped) return;
      reason = `the Toxiproxy at ${url} answers no more (${causeOf(error)})`;
      for (const listener of listeners) listener(reason);
      return;
    }
    if (!stopped) schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(() => void look(), WATCH_EVERY_MS).unref();
  };
  schedule();
  return {
    onExit: (callback) => {
      listeners.push(callback);
      if (reason !== undefined) callback(reason);
    },
    ended: () => reason,
    end: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function ask(url: string, path: string, method = "GET"): Promise<Response> {
  return fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
}

/** `fetch` hides what the system said. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  const { code, message: deeper } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? deeper ?? message;
}
