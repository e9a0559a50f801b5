/** Time from nothing to a system that clients can use: links, servers, topology. */
import { systemOf } from "../systems/registry.ts";
import { openHost } from "../runner/equipment/open-host.ts";
import { printTable } from "./table.ts";

const AIMS_MS = { single: 1_000, independent: 1_500, sentinel: 3_000, cluster: 4_000 } as const;
const ROUNDS = 5;

export async function benchStart(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const kind of ["single", "independent", "sentinel", "cluster"] as const) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await using test = await openHost({ host: "process", redis: undefined, say: () => undefined });
      const system = systemOf({ kind, options: {} });
      const started = performance.now();
      await system.start(await test.host.allocate(system.specs));
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    rows.push([kind, Math.round(times[0] ?? 0), Math.round(times.at(-1) ?? 0), AIMS_MS[kind]]);
  }
  printTable(`Start to ready, ${ROUNDS} times`, ["system", "best ms", "worst ms", "aim ms"], rows);
}
