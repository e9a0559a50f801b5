import type { DeclaredFault } from "../declare/declare.ts";
import { campaign, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { ETCD_GUARANTEES } from "../declare/sources.ts";

const KEYS = ["k1", "k2", "k3", "k4"];

export const etcdRegisters = campaign({
  name: "etcd-registers",
  title: "Registers on etcd, whose leader is paused and killed",
  description:
    "Three members of etcd lose their leader by a pause and another one by a kill, while a client is cut off from all of them for a while. Nobody reads what is older than what was acknowledged, and the rest goes on.",
  suite: "nightly",
  system: { kind: "etcd", options: { nodes: 3 } },
  workload: "register",
  options: { allKeys: KEYS, commandTimeoutMs: 1_000 },
  workers: [
    ...KEYS.flatMap((key, i) => workers("client", 1, 1 + i, { keys: [key] })),
    reader("reader", "reader", { keys: KEYS }),
  ],
  loadMs: 12_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "cut",
      kind: "link",
      options: { from: "w1", to: "servers", how: "hold" },
      start: { afterMs: random.integer(400, 800) },
      end: { afterMs: 2_000 },
    },
    {
      id: "pause",
      kind: "pause",
      options: { target: "primary" },
      start: { after: { fault: "cut", stage: "healed" }, afterMs: random.integer(100, 300) },
      end: { afterMs: random.integer(1_800, 2_200) },
    },
    {
      id: "kill",
      kind: "kill",
      options: { target: "primary", keepData: true },
      start: { after: { fault: "pause", stage: "healed" }, afterMs: random.integer(300, 600) },
      end: { afterMs: random.integer(1_000, 1_500) },
    },
  ],
  claims: [
    promised(
      "linearizable",
      "Every read finds what was acknowledged before it began, and nobody sees time run backwards.",
      ETCD_GUARANTEES,
      "linearizable",
      { model: "register", byKey: true, minOperations: 100 },
    ),
    promised(
      "progress",
      "After the leader's pause the others go on (within 10000 ms).",
      ETCD_GUARANTEES,
      "availability",
      { f: ["write"], boundMs: 10_000, afterFault: "pause" },
    ),
  ],
});
