/** Address ranges for the networks of runs: small, private, and none that this machine is in already. */
import { networkInterfaces } from "node:os";

/** 10.213.0.0/16 is cut into 1024 ranges of 64 addresses. */
const PREFIX = [10, 213] as const;
export const ALL_RANGES = "10.213.0.0/16";
const RANGES = 1024;
const SIZE = 64;
/** The first address is the network's, the second the machine's, the last one means everybody. */
const FIRST_NODE = 2;
export const NODES_PER_SUBNET = SIZE - FIRST_NODE - 1;

export interface Subnet {
  /** Such as `10.213.4.64/26`. */
  readonly cidr: string;
  /** The machine's own address in it. */
  readonly gateway: string;
  /** The i-th node's. */
  node(i: number): string;
}

/**
 * Every range that may be tried, from a place on that differs from process to process, so that two runs seldom want the
 * same.
 */
export function* subnets(): Generator<Subnet> {
  const taken = new Set(
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => rangeOf(address)),
  );
  for (let i = 0; i < RANGES; i += 1) {
    const range = (process.pid * 31 + i) % RANGES;
    if (!taken.has(range)) yield subnet(range);
  }
}

function subnet(range: number): Subnet {
  const address = (i: number): string => {
    const number = range * SIZE + i;
    return [...PREFIX, number >> 8, number & 255].join(".");
  };
  return { cidr: `${address(0)}/26`, gateway: address(1), node: (i) => address(FIRST_NODE + i) };
}

/** Which of the ranges an address lies in; undefined for any other address. */
function rangeOf(address: string): number | undefined {
  const [first, second, third, fourth] = address.split(".").map(Number);
  if (first !== PREFIX[0] || second !== PREFIX[1] || third === undefined || fourth === undefined) return undefined;
  return (third * 256 + fourth) >> 6;
}
