/**
 * A Toxiproxy that runs already, and that others may be using: the run's proxies have names of their own, and nothing
 * but them is touched. Real ones answer `/version` with JSON since 2.6, and with bare text before
 * (https://github.com/Shopify/toxiproxy).
 */
import { HostError } from "../machine/host-error.ts";
import { ANSWER_TIMEOUT_MS, answered, causeOf } from "./answered.ts";
import type { ToxiproxyServer } from "./toxiproxy-server.ts";

/** A proxy that does not tell its toxics within so long hangs. */
const LOOK_TIMEOUT_MS = 2_000;
/** How often it is looked whether the server is still there. */
const WATCH_EVERY_MS = 500;

export interface GivenToxiproxyOptions {
  readonly url: string;
  /** What the names of this run's proxies start with; nobody else's do. */
  readonly proxyPrefix: string;
  /**
   * How long each request may take when the proxies are removed, in milliseconds; ten seconds unless said otherwise.
   */
  readonly patienceMs?: number;
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
  // One that was built from its source says `git`.
  const version = /^(?:\{\s*"version"\s*:\s*)?"?v?(\d+\.\d+[\w.+-]*|git[\w.+-]*)/.exec(text)?.[1];
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
export async function useToxiproxy({ url, proxyPrefix, patienceMs }: GivenToxiproxyOptions): Promise<ToxiproxyServer> {
  const version = await askToxiproxyVersion(url);
  const watch = watchToxiproxy(url);
  const announced: string[] = [];
  return {
    url,
    version,
    description: `${version} (at ${url})`,
    proxyPrefix,
    removesToxics: false,
    announce: (names) => announced.push(...names),
    onExit: watch.onExit,
    stop: async () => {
      watch.end();
      // What is gone took its proxies along.
      if (watch.ended() !== undefined) return;
      await removeProxies(url, { isDoomed: (name) => name.startsWith(proxyPrefix), known: announced, patienceMs });
    },
  };
}

export interface Removal {
  /** Chooses by the name. */
  isDoomed(name: string): boolean;
  /** Names of doomed proxies, for a server that does not list its proxies. */
  readonly known?: readonly string[];
  /** For each request, in milliseconds. */
  readonly patienceMs?: number | undefined;
}

/**
 * Removes the proxies whose names are chosen. Resolves to how many there were.
 * @throws HostError when the server does not do it, or does not list its proxies and none is known.
 */
export async function removeProxies(url: string, removal: Removal): Promise<number> {
  const { known = [], patienceMs = ANSWER_TIMEOUT_MS } = removal;
  const remove = (names: readonly string[]): Promise<PromiseSettledResult<void>[]> =>
    Promise.allSettled(names.map((name) => removeProxy(url, name, patienceMs)));
  try {
    const doomed = await listedProxies(url, removal, patienceMs);
    if (doomed !== undefined) {
      throwFirst(await remove(doomed));
      return doomed.length;
    }
    const lookMs = Math.min(patienceMs, LOOK_TIMEOUT_MS);
    const silent = await Promise.all(known.map((name) => isSilent(url, name, lookMs)));
    // The removal of one that hangs may keep every later request waiting: it comes last.
    const results = await remove(known.filter((_name, i) => silent[i] === false));
    throwFirst([...results, ...(await remove(known.filter((_name, i) => silent[i] === true)))]);
    return known.length;
  } catch (error) {
    const what = known[0] === undefined ? "proxies of runs" : "the proxies of the run";
    throw new HostError(
      `${what} could not be removed: ${(error as Error).message}; restart that Toxiproxy, or remove them yourself`,
      { cause: error },
    );
  }
}

/** The doomed ones of all proxies, or undefined where some are known and the server does not list them in time. */
async function listedProxies(
  url: string,
  { isDoomed, known = [] }: Removal,
  patienceMs: number,
): Promise<readonly string[] | undefined> {
  try {
    const all = await answered(url, "GET /proxies", jsonOf(ask(url, "/proxies", "GET", patienceMs)), patienceMs);
    return Object.keys(all).filter(isDoomed);
  } catch (error) {
    if (known.length > 0) return undefined;
    throw error;
  }
}

async function jsonOf(response: Promise<Response>): Promise<object> {
  const answer = await response;
  const text = await answer.text();
  if (!answer.ok) throw new Error(`it answered ${answer.status}: ${text.slice(0, 200)}`);
  return JSON.parse(text) as object;
}

async function removeProxy(url: string, name: string, patienceMs: number): Promise<void> {
  const path = `/proxies/${encodeURIComponent(name)}`;
  const answer = await answered(url, `DELETE ${path}`, ask(url, path, "DELETE", patienceMs), patienceMs);
  const text = await answer.text();
  // Somebody else may have removed it in the meantime.
  if (!answer.ok && answer.status !== 404) {
    throw new HostError(`the Toxiproxy at ${url} answered DELETE ${path} with ${answer.status}: ${text.slice(0, 200)}`);
  }
}

/** Whether a proxy keeps everybody waiting who asks about its toxics. */
async function isSilent(url: string, name: string, patienceMs: number): Promise<boolean> {
  try {
    const answer = await ask(url, `/proxies/${encodeURIComponent(name)}/toxics`, "GET", patienceMs);
    await answer.arrayBuffer();
    return answer.status === 503;
  } catch {
    // Whatever it was, the removal meets it too, and tells of it.
    return true;
  }
}

function throwFirst(results: readonly PromiseSettledResult<void>[]): void {
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
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

function ask(url: string, path: string, method = "GET", patienceMs = ANSWER_TIMEOUT_MS): Promise<Response> {
  return fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(patienceMs) });
}
