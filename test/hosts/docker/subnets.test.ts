import { describe, expect, it } from "vitest";
import { NODES_PER_SUBNET, subnets } from "../../../hosts/docker/subnets.ts";

describe("address ranges of runs", () => {
  it("do not overlap, and hold the machine's own address and those of the nodes", () => {
    const all = [...subnets()];
    const addresses = all.flatMap((subnet) => [
      subnet.gateway,
      ...Array.from({ length: NODES_PER_SUBNET }, (_, i) => subnet.node(i)),
    ]);
    expect(new Set(addresses).size).toBe(all.length * (NODES_PER_SUBNET + 1));
    expect(addresses.every((address) => /^10\.213\.\d+\.\d+$/.test(address))).toBe(true);
    for (const { cidr, gateway, node } of all.slice(0, 5)) {
      const [network = "", bits] = cidr.split("/");
      const first = Number(network.split(".")[3]);
      expect([bits, Number(gateway.split(".")[3]), Number(node(0).split(".")[3])]).toEqual([
        "26",
        first + 1,
        first + 2,
      ]);
    }
  });
});
