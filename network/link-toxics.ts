/**
 * The toxics that impair links. A server of our own takes them away to heal. The original cannot be asked for that: it
 * writes out what a removed toxic holds, for up to five seconds a chunk where the receiver has gone, and its proxy is
 * deaf meanwhile (https://github.com/Shopify/toxiproxy/issues/210). An update is answered at once. So toxics are made
 * harmless there, and stay on their proxies for the next fault of their kind.
 */
import type { Proxy, Toxic, ToxicType } from "toxiproxy-node-client";
import { answered } from "./answered.ts";
import type { Impairment, Stream } from "./link.ts";

/** A latency that no run outlives: bytes wait in the proxy until it is gone, and are then delivered. */
const HOLD_MS = 2 ** 31 - 1;
/** More than anything sends. */
const UNLIMITED = 2 ** 31 - 1;

type ToxicImpairment = Exclude<Impairment, { kind: "down" }>;
type Attributes = Readonly<Record<string, number>>;
type AnyToxic = Toxic<Attributes>;

interface ToxicKind {
  readonly type: ToxicType;
  readonly attributes: Attributes;
  /** With these it lets everything through. Absent where removal is the point: that closes the connections. */
  readonly harmless?: Attributes;
}

export interface LinkToxicsOptions {
  /** The URL of its server, for what is said about it. */
  readonly url: string;
  /** Whether toxics are removed to heal, or made harmless and kept. */
  readonly removes: boolean;
}

export class LinkToxics {
  readonly #options: LinkToxicsOptions;
  /** Those that are harmless now, by proxy, stream and kind of impairment; what one impairment needs stays together. */
  readonly #idle = new Map<string, (readonly AnyToxic[])[]>();
  #made = 0;

  constructor(options: LinkToxicsOptions) {
    this.#options = options;
  }

  /**
   * Impairs one direction of all connections of a proxy. Resolves to what heals exactly that.
   * @throws HostError when the server does not do it, or not in time.
   */
  async add(proxy: Proxy, stream: Stream, impairment: ToxicImpairment): Promise<() => Promise<void>> {
    const kinds = this.#kindsOf(impairment);
    const place = `${proxy.name} ${stream} ${impairment.kind}`;
    const idle = this.#idle.get(place)?.pop();
    const toxics: AnyToxic[] = [];
    const heal = async (): Promise<void> => {
      // The last one first: what it holds then goes on, and no update has to wait for what the one before it lets go.
      for (const [i, toxic] of [...toxics.entries()].toReversed()) await this.#heal(proxy, toxic, kinds[i]);
    };
    try {
      for (const [i, kind] of kinds.entries()) {
        const old = idle?.[i];
        if (old !== undefined && kind !== GUARD) await this.#update(proxy, old, kind.attributes);
        toxics.push(old ?? (await this.#make(proxy, stream, impairment, kind)));
      }
    } catch (error) {
      await heal();
      throw error;
    }
    return async () => {
      await heal();
      if (this.#keeps(kinds)) this.#idle.set(place, [...(this.#idle.get(place) ?? []), toxics]);
    };
  }

  #kindsOf(impairment: ToxicImpairment): readonly ToxicKind[] {
    const kind = toxicOf(impairment);
    if (this.#options.removes || kind.harmless === undefined) return [kind];
    // The original lets the end of a stream overtake a latency when it holds no data: a partition would show who has
    // closed.
    return impairment.kind === "hold" ? [kind, slowClose(HOLD_MS), GUARD] : [kind, GUARD];
  }

  #keeps(kinds: readonly ToxicKind[]): boolean {
    return !this.#options.removes && kinds.every(({ harmless }) => harmless !== undefined);
  }

  async #make(proxy: Proxy, stream: Stream, impairment: ToxicImpairment, kind: ToxicKind): Promise<AnyToxic> {
    this.#made += 1;
    const { type, attributes } = kind;
    const name = `${impairment.kind}-${this.#made}`;
    const made = proxy.addToxic<Attributes>({ type, attributes, name, stream, toxicity: 1 });
    return this.#answered(`POST /proxies/${proxy.name}/toxics`, made);
  }

  async #heal(proxy: Proxy, toxic: AnyToxic, kind: ToxicKind | undefined): Promise<void> {
    if (this.#options.removes || kind?.harmless === undefined) {
      return this.#answered(`DELETE ${pathOf(proxy, toxic)}`, toxic.remove());
    }
    if (kind !== GUARD) await this.#update(proxy, toxic, kind.harmless);
  }

  async #update(proxy: Proxy, toxic: AnyToxic, attributes: Attributes): Promise<void> {
    const { name, type, stream, toxicity } = toxic;
    const change = toxic.update({ name, type, stream, toxicity, attributes });
    await this.#answered(`POST ${pathOf(proxy, toxic)}`, change);
  }

  #answered<T>(request: string, answer: Promise<T>): Promise<T> {
    return answered(this.#options.url, request, answer);
  }
}

function pathOf(proxy: Proxy, toxic: AnyToxic): string {
  return `/proxies/${proxy.name}/toxics/${toxic.name}`;
}

function toxicOf(impairment: ToxicImpairment): ToxicKind {
  switch (impairment.kind) {
    case "hold":
      return latency(HOLD_MS, 0);
    case "latency":
      return latency(impairment.latencyMs, impairment.jitterMs);
    case "drop":
    case "lose-reply":
      return { type: "timeout", attributes: { timeout: 0 } };
    case "bandwidth":
      return { type: "bandwidth", attributes: { rate: impairment.rateKBps }, harmless: { rate: UNLIMITED } };
    case "slicer":
      return {
        type: "slicer",
        attributes: {
          average_size: impairment.averageBytes,
          size_variation: impairment.variationBytes,
          delay: impairment.delayUs,
        },
        harmless: { average_size: UNLIMITED, size_variation: 0, delay: 0 },
      };
    case "slow-close":
      return slowClose(impairment.delayMs);
    case "reset":
      return { type: "reset_peer", attributes: { timeout: 0 } };
  }
}

function latency(latencyMs: number, jitterMs: number): ToxicKind {
  return {
    type: "latency",
    attributes: { latency: latencyMs, jitter: jitterMs },
    harmless: { latency: 0, jitter: 0 },
  };
}

function slowClose(delayMs: number): ToxicKind {
  return { type: "slow_close", attributes: { delay: delayMs }, harmless: { delay: 0 } };
}

/**
 * Stands behind the toxics of an impairment and is never touched. It has room for what they let go: where nobody takes
 * it, because the receiver has gone, it is this one that waits for ever, and not one that the next request must
 * interrupt.
 */
const GUARD: ToxicKind = latency(0, 0);
