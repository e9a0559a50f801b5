import type { DeclaredFault } from "../declare/declare.ts";
import { campaign } from "../declare/declare.ts";
import { workers } from "../declare/workers.ts";
import { streamClaims } from "./stream-claims.ts";

const { noLoss, noDuplicate, noPhantom } = streamClaims(100);

export const streamsCrashedConsumer = campaign({
  name: "streams-crashed-consumer",
  title: "Consumers of a stream are killed",
  description:
    "Two producers, four consumers in one group. Two consumers are killed between a delivery and its acknowledgement; the others take the entries over with XAUTOCLAIM. Delivery is at least once: nothing is lost, something comes twice.",
  suite: "quick",
  system: { kind: "single", options: {} },
  workload: "stream",
  options: { channel: "orders", everyMs: 8, minIdleMs: 500, workMs: 4 },
  workers: [...workers("producer", 2), ...workers("consumer", 4, 3)],
  loadMs: 3_000,
  settleMs: 2_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "crash",
      kind: "kill",
      options: { target: "w3" },
      start: { at: { worker: "w3", point: "delivered", occurrence: random.integer(10, 30) } },
    },
    {
      id: "second-crash",
      kind: "kill",
      options: { target: "w4" },
      start: { at: { worker: "w4", point: "delivered", occurrence: random.integer(30, 50) } },
    },
  ],
  claims: [noLoss, noDuplicate, noPhantom],
});
