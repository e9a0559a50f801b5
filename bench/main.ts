/** `npm run bench [-- recording proxy start checkers delivery]`: all figures in docs/performance.md come from here. */
import { cacheFolder } from "../machine/cache-folder.ts";
import { findRedisServer } from "../hosts/programs/redis-binary.ts";
import { benchElle } from "./checkers-elle.ts";
import { benchLinearizability } from "./checkers-linearizability.ts";
import { benchLoading } from "./checkers-loading.ts";
import { benchSpecialCases } from "./checkers-special.ts";
import { benchDelivery } from "./delivery.ts";
import { benchProxy } from "./proxy.ts";
import { benchRecording } from "./recording.ts";
import { benchStart } from "./start.ts";

const BENCHES: Readonly<Record<string, () => void | Promise<void>>> = {
  recording: benchRecording,
  proxy: async () => {
    const redis = await findRedisServer({ cacheFolder: cacheFolder(), say: () => undefined });
    await benchProxy(redis);
  },
  start: benchStart,
  "checkers-elle": benchElle,
  "checkers-special": benchSpecialCases,
  "checkers-linearizability": benchLinearizability,
  "checkers-loading": benchLoading,
  delivery: benchDelivery,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((each) => !Object.keys(BENCHES).some((name) => isPartOf(name, each)));
if (unknown !== undefined) {
  console.error(`there is no bench ${JSON.stringify(unknown)}; there are ${Object.keys(BENCHES).join(", ")}`);
  process.exit(254);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.some((each) => isPartOf(name, each))) await bench();
}

/** `checkers` stands for every bench whose name begins with it. */
function isPartOf(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}-`);
}
