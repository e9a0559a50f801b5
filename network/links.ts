/**
 * All links of a run: makes their proxies, tells everybody where to connect, and impairs flows.
 * Drives any Toxiproxy-compatible server through `toxiproxy-node-client` (https://github.com/Shopify/toxiproxy).
 */
import { Toxiproxy } from "toxiproxy-node-client";
import type { Proxy } from "toxiproxy-node-client";
import { HostError } from "../machine/host-error.ts";
import { freePorts } from "../machine/ports.ts";
import { answered } from "./answered.ts";
import { LinkToxics } from "./link-toxics.ts";
import type { Channel, Endpoint, Flow, Impairment, Link, LinkImpairment, Stream } from "./link.ts";
import type { Protocol } from "./protocol.ts";
import type { ProxyHome } from "./toxiproxy-server.ts";

/** A directed pair that needs a proxy, and the address that it leads to. */
export interface LinkRequest {
  readonly from: string;
  readonly to: string;
  readonly channel: Channel;
  readonly upstream: Endpoint;
  /** Redis's unless said otherwise. */
  readonly protocol?: Protocol;
  /** The address of this machine at which `from` finds the proxy; 127.0.0.1 unless it has a network of its own. */
  readonly listenHost?: string;
}

/** What `impair` did; `heal` undoes exactly that and leaves other impairments alone. */
export interface ImpairedFlows {
  readonly impairments: readonly LinkImpairment[];
  heal(): Promise<void>;
}

export class Links {
  readonly all: readonly Link[];
  readonly #url: string;
  readonly #proxies: ReadonlyMap<string, Proxy>;
  readonly #toxics: LinkToxics;
  /** What is on each proxy now, in the order in which it came. */
  readonly #active = new Map<string, Set<LinkImpairment>>();
  readonly #disabled = new Set<string>();
  /**
   * The last change of each proxy between enabled and disabled: the next one waits for it, so that the last one wins.
   */
  readonly #switching = new Map<string, Promise<void>>();

  private constructor(home: ProxyHome, all: readonly Link[], proxies: ReadonlyMap<string, Proxy>) {
    this.all = all;
    this.#url = home.url;
    this.#proxies = proxies;
    this.#toxics = new LinkToxics({ url: home.url, removes: home.removesToxics });
  }

  /**
   * Makes one proxy for each request, in a single call.
   * @throws HostError when the server does not make them all.
   */
  static async create(home: ProxyHome, requests: readonly LinkRequest[]): Promise<Links> {
    if (requests.length === 0) return new Links(home, [], new Map());
    const { url, proxyPrefix: prefix } = home;
    // Chosen here and not by the server: it would take one that a client's outgoing connection may get while the proxy
    // is down.
    const hosts = requests.map((request) => request.listenHost ?? "127.0.0.1");
    const ports = await freePorts(requests.length, [...new Set(hosts)]);
    const wanted = requests.map((request, i) => ({
      name: prefix + proxyName(request),
      listen: `${hosts[i]}:${ports[i]}`,
      upstream: `${request.upstream.host}:${request.upstream.port}`,
      enabled: true,
    }));
    home.announce(wanted.map(({ name }) => name));
    const proxies = await populate(url, wanted);
    const byName = new Map(Object.entries(proxies).map(([name, proxy]) => [name.slice(prefix.length), proxy]));
    const all = requests.map((request) => {
      const name = proxyName(request);
      const proxy = byName.get(name);
      if (proxy === undefined) throw new Error(`Toxiproxy at ${url} did not make the proxy ${name}`);
      const { from, to, channel, upstream, protocol = "redis" } = request;
      return { from, to, channel, protocol, upstream, proxy: name, listen: parseAddress(proxy.listen) };
    });
    return new Links(home, all, byName);
  }

  /** Where `from` must connect to reach a node's service port. */
  endpoint(from: string, to: string): Endpoint {
    const link = this.all.find(
      (candidate) => candidate.from === from && candidate.to === to && candidate.channel === "data",
    );
    if (link === undefined) throw new Error(`there is no link from ${from} to ${to}`);
    return link.listen;
  }

  /** For the fault shim of `from`: every destination that has a link, and the proxy to connect to instead. */
  connectionTable(from: string): { from: Endpoint; to: Endpoint }[] {
    return this.all.filter((link) => link.from === from).map((link) => ({ from: link.upstream, to: link.listen }));
  }

  /** What `impairment` would do to each link that bytes of these flows cross. */
  impairments(flows: readonly Flow[], impairment: Impairment): LinkImpairment[] {
    return this.all.flatMap((link) => {
      const crossed = [...new Set(flows.flatMap((flow) => streamsOf(link, flow)))];
      const streams = impairment.kind === "lose-reply" ? crossed.filter((stream) => stream === "downstream") : crossed;
      return streams.length === 0 ? [] : [{ link, streams, impairment }];
    });
  }

  /** What is done to a link now, the oldest first. */
  activeOn(link: Link): readonly LinkImpairment[] {
    return [...(this.#active.get(link.proxy) ?? [])];
  }

  /**
   * Does `impairment` to every flow, all at once; several on one link act together, and each heals by itself.
   * What was done is undone before a failure is thrown.
   */
  async impair(flows: readonly Flow[], impairment: Impairment): Promise<ImpairedFlows> {
    const impairments = this.impairments(flows, impairment);
    const undo: (() => Promise<void>)[] = [];
    const heal = async (): Promise<void> => throwFirst(await Promise.allSettled(undo.map((step) => step())));
    const done = await Promise.allSettled(impairments.map((each) => this.#impairLink(each, undo)));
    if (done.some(({ status }) => status === "rejected")) {
      await heal();
      throwFirst(done);
    }
    return { impairments, heal };
  }

  async #impairLink(each: LinkImpairment, undo: (() => Promise<void>)[]): Promise<void> {
    const { link, streams, impairment } = each;
    const active = this.#active.get(link.proxy) ?? new Set();
    this.#active.set(link.proxy, active.add(each));
    undo.push(async () => {
      active.delete(each);
      if (impairment.kind === "down") await this.#switch(link.proxy);
    });
    if (impairment.kind === "down") return this.#switch(link.proxy);
    const proxy = this.#proxy(link.proxy);
    for (const stream of streams) undo.push(await this.#toxics.add(proxy, stream, impairment));
  }

  /** Disables a proxy while any `down` is on it, and enables it when the last one is gone. */
  #switch(name: string): Promise<void> {
    const before = this.#switching.get(name) ?? Promise.resolve();
    const change = async (): Promise<void> => {
      const proxy = this.#proxy(name);
      const enabled = ![...(this.#active.get(name) ?? [])].some(({ impairment }) => impairment.kind === "down");
      if (this.#disabled.has(name) !== enabled) return;
      // The address is repeated as it was resolved: with port 0 the proxy would move.
      const update = proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
      await answered(this.#url, `POST /proxies/${proxy.name}`, update);
      if (enabled) this.#disabled.delete(name);
      else this.#disabled.add(name);
    };
    // The caller of the change before hears of its failure; this one is made whatever became of that.
    const after = before.then(change, change);
    this.#switching.set(name, after);
    return after;
  }

  #proxy(name: string): Proxy {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) throw new Error(`there is no proxy named ${name}`);
    return proxy;
  }
}

type WantedProxy = Parameters<Toxiproxy["populate"]>[0][number];

/** @throws HostError when the server does not make them all. */
async function populate(url: string, wanted: readonly WantedProxy[]): Promise<Record<string, Proxy>> {
  try {
    return await answered(url, "POST /populate", new Toxiproxy(url).populate([...wanted]));
  } catch (error) {
    throw new HostError(
      `the proxies of the run could not be made: ${(error as Error).message}; a Toxiproxy that does not run on this machine and in its network has no such addresses as ${wanted[0]?.listen}`,
      { cause: error },
    );
  }
}

/**
 * Bytes of a flow run upstream on the links that its sender opened, and downstream on those that its receiver opened.
 */
function streamsOf(link: Link, flow: Flow): Stream[] {
  if (flow.channel !== undefined && flow.channel !== link.channel) return [];
  if (link.from === flow.from && link.to === flow.to) return ["upstream"];
  if (link.from === flow.to && link.to === flow.from) return ["downstream"];
  return [];
}

function throwFirst(results: readonly PromiseSettledResult<void>[]): void {
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

function proxyName(link: Pick<Link, "from" | "to" | "channel">): string {
  return link.channel === "data" ? `${link.from}.${link.to}` : `${link.from}.${link.to}.${link.channel}`;
}

function parseAddress(listen: string): Endpoint {
  const colon = listen.lastIndexOf(":");
  return { host: listen.slice(0, colon), port: Number(listen.slice(colon + 1)) };
}
