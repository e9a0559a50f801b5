/**
 * All links of a run: makes their proxies, tells everybody where to connect, and impairs flows.
 * Drives any Toxiproxy-compatible server through `toxiproxy-node-client` (https://github.com/Shopify/toxiproxy).
 */
import { Toxiproxy } from "toxiproxy-node-client";
import type { Proxy } from "toxiproxy-node-client";
import { freePorts } from "../hosts/ports.ts";
import type { Channel, Endpoint, Flow, Impairment, Link } from "./link.ts";

/** A latency that no run outlives: bytes wait in the proxy until the toxic is removed, and are then delivered. */
const HOLD_MS = 2 ** 31 - 1;

/** A directed pair that needs a proxy, and the address that it leads to. */
export interface LinkRequest {
  readonly from: string;
  readonly to: string;
  readonly channel: Channel;
  readonly upstream: Endpoint;
  /** The address of this machine at which `from` finds the proxy; 127.0.0.1 unless it has a network of its own. */
  readonly listenHost?: string;
}

/** What `impair` did; `heal` undoes exactly that and leaves other impairments alone. */
export interface ImpairedFlows {
  readonly links: readonly Link[];
  heal(): Promise<void>;
}

export class Links {
  readonly all: readonly Link[];
  readonly #proxies: ReadonlyMap<string, Proxy>;
  /** How many impairments hold a proxy disabled: the last one to heal enables it. */
  readonly #disabledBy = new Map<string, number>();
  #toxics = 0;

  private constructor(all: readonly Link[], proxies: ReadonlyMap<string, Proxy>) {
    this.all = all;
    this.#proxies = proxies;
  }

  /** Makes one proxy for each request, in a single call. */
  static async create(url: string, requests: readonly LinkRequest[]): Promise<Links> {
    if (requests.length === 0) return new Links([], new Map());
    // Chosen here and not by the server: it would take one that a client's outgoing connection may get while the proxy is down.
    const hosts = requests.map((request) => request.listenHost ?? "127.0.0.1");
    const ports = await freePorts(requests.length, [...new Set(hosts)]);
    const proxies = await new Toxiproxy(url).populate(
      requests.map((request, i) => ({
        name: proxyName(request),
        listen: `${hosts[i]}:${ports[i]}`,
        upstream: `${request.upstream.host}:${request.upstream.port}`,
        enabled: true,
      })),
    );
    const byName = new Map(Object.entries(proxies));
    const all = requests.map((request) => {
      const name = proxyName(request);
      const proxy = byName.get(name);
      if (proxy === undefined) throw new Error(`Toxiproxy at ${url} did not make the proxy ${name}`);
      const { from, to, channel, upstream } = request;
      return { from, to, channel, upstream, proxy: name, listen: parseAddress(proxy.listen) };
    });
    return new Links(all, byName);
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

  /** The links that bytes of these flows cross, without repetition. */
  crossing(flows: readonly Flow[]): Link[] {
    return this.all.filter((link) => flows.some((flow) => streamsOf(link, flow).length > 0));
  }

  /** Does `impairment` to every flow, all at once. */
  async impair(flows: readonly Flow[], impairment: Impairment): Promise<ImpairedFlows> {
    const links = this.crossing(flows);
    const undo: (() => Promise<void>)[] = [];
    await Promise.all(
      links.map(async (link) => {
        if (impairment.kind === "down") {
          await this.#disable(link.proxy);
          undo.push(() => this.#enable(link.proxy));
          return;
        }
        const streams = new Set(flows.flatMap((flow) => streamsOf(link, flow)));
        for (const stream of streams) undo.push(await this.#addToxic(link.proxy, stream, impairment));
      }),
    );
    return { links, heal: async () => void (await Promise.all(undo.map((step) => step()))) };
  }

  async #addToxic(
    name: string,
    stream: "upstream" | "downstream",
    impairment: Exclude<Impairment, { kind: "down" }>,
  ): Promise<() => Promise<void>> {
    this.#toxics += 1;
    const toxic = await this.#proxy(name).addToxic<unknown>({
      ...toxicOf(impairment),
      name: `${impairment.kind}-${this.#toxics}`,
      stream,
      toxicity: 1,
    });
    return () => toxic.remove();
  }

  async #disable(name: string): Promise<void> {
    const count = this.#disabledBy.get(name) ?? 0;
    this.#disabledBy.set(name, count + 1);
    if (count === 0) await this.#setEnabled(name, false);
  }

  async #enable(name: string): Promise<void> {
    const count = (this.#disabledBy.get(name) ?? 1) - 1;
    this.#disabledBy.set(name, count);
    if (count === 0) await this.#setEnabled(name, true);
  }

  async #setEnabled(name: string, enabled: boolean): Promise<void> {
    const proxy = this.#proxy(name);
    // The address is repeated as it was resolved: with port 0 the proxy would move.
    await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
  }

  #proxy(name: string): Proxy {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) throw new Error(`there is no proxy named ${name}`);
    return proxy;
  }
}

/** Bytes of a flow run upstream on the links that its sender opened, and downstream on those that its receiver opened. */
function streamsOf(link: Link, flow: Flow): ("upstream" | "downstream")[] {
  if (link.from === flow.from && link.to === flow.to) return ["upstream"];
  if (link.from === flow.to && link.to === flow.from) return ["downstream"];
  return [];
}

function toxicOf(impairment: Exclude<Impairment, { kind: "down" }>) {
  switch (impairment.kind) {
    case "hold":
      return { type: "latency" as const, attributes: { latency: HOLD_MS, jitter: 0 } };
    case "latency":
      return { type: "latency" as const, attributes: { latency: impairment.latencyMs, jitter: impairment.jitterMs } };
    case "drop":
      return { type: "timeout" as const, attributes: { timeout: 0 } };
    case "reset":
      return { type: "reset_peer" as const, attributes: { timeout: 0 } };
  }
}

function proxyName(link: Pick<Link, "from" | "to" | "channel">): string {
  return link.channel === "data" ? `${link.from}.${link.to}` : `${link.from}.${link.to}.${link.channel}`;
}

function parseAddress(listen: string): Endpoint {
  const colon = listen.lastIndexOf(":");
  return { host: listen.slice(0, colon), port: Number(listen.slice(colon + 1)) };
}
