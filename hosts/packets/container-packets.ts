/** The packets of a node in a container, whose network namespace is another one each time that it starts. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { compiledFile } from "../../machine/compiled.ts";
import { LongTimeout } from "../../machine/long-timeout.ts";
import type { Endpoint } from "../../network/link.ts";
import type { Traffic, TrafficCount } from "../../network/ping-traffic.ts";
import { HostError } from "../../machine/host-error.ts";
import { readDatagram } from "./inside-task.ts";
import type { InsideTask } from "./inside-task.ts";
import { kernelNetem } from "./kernel-netem.ts";
import { NetworkNamespace } from "./network-namespace.ts";
import { addRules, ourChains } from "./packet-filter.ts";
import type { Arrival, Missing, Netem, NodePackets, PacketRule, PacketRules } from "../packets.ts";

export interface ContainerPacketsOptions {
  /** The node's name, for messages. */
  readonly name: string;
  /** Its process id now, or undefined while it is down. */
  readonly pid: () => number | undefined;
  /** The address of this machine in the node's network. */
  readonly machine: string;
  /** Why there is no netem, or undefined where there is. */
  readonly netemMissing: string | undefined;
}

export class ContainerPackets implements NodePackets {
  readonly machine: string;
  readonly netem: Netem | Missing;
  readonly #options: ContainerPacketsOptions;
  #filters = 0;

  constructor(options: ContainerPacketsOptions) {
    this.#options = options;
    this.machine = options.machine;
    this.netem =
      options.netemMissing === undefined ? kernelNetem(() => this.#namespace()) : { missing: options.netemMissing };
  }

  filter(rules: readonly PacketRule[]): Promise<PacketRules> {
    this.#filters += 1;
    return addRules(this.#namespace(), String(this.#filters), rules);
  }

  async chains(): Promise<readonly string[]> {
    return this.#options.pid() === undefined ? [] : ourChains(this.#namespace());
  }

  async traffic(to: readonly Endpoint[], traffic: Traffic): Promise<readonly TrafficCount[]> {
    return (await this.#inside({ kind: "traffic", to, traffic })) as TrafficCount[];
  }

  async datagrams(count: number, patienceMs: number): Promise<readonly Arrival[]> {
    const arrivals: Arrival[] = [];
    const missing = new Set(Array.from({ length: count }, (_, i) => i));
    const all = Promise.withResolvers<void>();
    const socket = createSocket("udp4");
    socket.on("message", (message) => {
      const now = process.hrtime.bigint();
      const datagram = readDatagram(message);
      if (datagram === undefined) return;
      arrivals.push({ sequence: datagram.sequence, afterMs: Number(now - datagram.sentAt) / 1e6 });
      missing.delete(datagram.sequence);
      if (missing.size === 0) all.resolve();
    });
    try {
      socket.bind(0, this.machine);
      await once(socket, "listening");
      await this.#inside({ kind: "datagrams", to: { host: this.machine, port: socket.address().port }, count });
      const limit = new LongTimeout(all.resolve, patienceMs);
      await all.promise;
      limit.clear();
    } finally {
      socket.close();
    }
    return arrivals;
  }

  async #inside(task: InsideTask): Promise<unknown> {
    const args = ["--no-warnings", compiledFile("hosts/packets/inside.js"), JSON.stringify(task)];
    return JSON.parse(await this.#namespace().run(process.execPath, args)) as unknown;
  }

  #namespace(): NetworkNamespace {
    const pid = this.#options.pid();
    if (pid === undefined) throw new HostError(`${this.#options.name} is not running, so it has no network`);
    return new NetworkNamespace(pid);
  }
}
