/** Many connections at a time, each with many PINGs one after the other: traffic whose packets can be counted. */
import { connect } from "node:net";
import type { Endpoint } from "./link.ts";

export interface Traffic {
  /** How many connections are opened, all at once. */
  readonly connections: number;
  /** How many PINGs each sends, the next one when the one before was answered; 0 only opens it. */
  readonly pings: number;
  /** How long a connection waits, for being opened and for each answer, before it gives up. */
  readonly patienceMs: number;
}

/** What became of the connections. */
export interface TrafficCount {
  /** Connections that were opened. */
  readonly opened: number;
  /** PINGs that were answered, on all connections together. */
  readonly answered: number;
  /** Connections that waited in vain. */
  readonly silent: number;
  /** Connections that were refused, reset or closed. */
  readonly failed: number;
}

export async function pingTraffic(to: Endpoint, traffic: Traffic): Promise<TrafficCount> {
  const ends = await Promise.all(Array.from({ length: traffic.connections }, () => oneConnection(to, traffic)));
  return {
    opened: ends.filter(({ opened }) => opened).length,
    answered: ends.reduce((sum, { answered }) => sum + answered, 0),
    silent: ends.filter(({ end }) => end === "silent").length,
    failed: ends.filter(({ end }) => end === "failed").length,
  };
}

interface ConnectionEnd {
  readonly opened: boolean;
  readonly answered: number;
  readonly end: "done" | "silent" | "failed";
}

function oneConnection(to: Endpoint, { pings, patienceMs }: Traffic): Promise<ConnectionEnd> {
  return new Promise((resolve) => {
    let answered = 0;
    let opened = false;
    const socket = connect({ ...to, noDelay: true });
    const finish = (end: ConnectionEnd["end"]): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ opened, answered, end });
    };
    const timer = setTimeout(() => finish("silent"), patienceMs);
    const ask = (): void => {
      timer.refresh();
      socket.write("PING\r\n");
    };
    socket.on("connect", () => {
      opened = true;
      if (pings === 0) finish("done");
      else ask();
    });
    socket.on("data", () => {
      answered += 1;
      if (answered === pings) finish("done");
      else ask();
    });
    socket.on("end", () => finish("failed"));
    socket.on("error", () => finish("failed"));
  });
}
