/** The faults that do something to a node or between nodes, on nodes in containers. */
import { describe, expect, it } from "vitest";
import { awaitCondition } from "../../hosts/await-condition.ts";
import type { FaultOptions } from "../../nemesis/fault.ts";
import { faultKind } from "../../nemesis/registry.ts";
import { dockerMissing, dockerNote, IMAGE_TIMEOUT_MS, openDockerHost } from "../support/docker-nodes.ts";
import { openFaultContext } from "../support/fault-context.ts";
import { roundTrip } from "../support/round-trip.ts";

const FAULTS: readonly (readonly [kind: string, options: FaultOptions])[] = [
  ["pause", { target: "n1" }],
  ["kill", { target: "n1", keepData: false }],
  ["kill", { target: "n1", keepData: true }],
  ["clock-jump", { target: "n1", offsetMs: -3_600_000 }],
  ["read-only-disk", { target: "n1" }],
  ["client-pause", { target: "n1", mode: "WRITE", ms: 60_000 }],
  ["debug-sleep", { target: "n1", ms: 2_500 }],
  ["partition", { groups: [["n1"], ["rest"]] }],
  ["link", { from: "n2", to: "n1", how: "down" }],
];

describe.skipIf(dockerMissing)(`faults in Docker${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  it.each(FAULTS)("%s %o acts, is seen by its probe, and heals", async (kind, options) => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"], open: openDockerHost });
    const fault = await faultKind(kind).prepare(test.context, options);
    await roundTrip(fault, async () => expect(await test.node("n2").command("PING")).toBe("PONG"));
    expect(await test.node("n1").command("PING")).toBe("PONG");
  });

  it("a server that ended by itself is started again at once", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: [], open: openDockerHost });
    const n1 = test.node("n1");
    n1.signal("SIGTERM");
    const dead = async (): Promise<true | undefined> => ((await n1.state()) === "dead" ? true : undefined);
    await awaitCondition("n1 to end", 15_000, dead, 1);
    await n1.start({ keepData: true });
    expect(await n1.command("PING")).toBe("PONG");
  });
});
