/**
 * The register workload's loop without redquake: what recording is measured against. Starts and ends when it is told,
 * and says how many commands it made.
 */
import { once } from "node:events";
import { Redis } from "ioredis";
import { connectionOptions } from "../workloads/clients/profiles.ts";
import { seededRandom } from "../history/random.ts";

const [port, name] = process.argv.slice(2);
const client = new Redis({
  ...connectionOptions("raw", 2_000),
  host: "127.0.0.1",
  port: Number(port),
  replyMapping: "legacy",
});
await once(client, "ready");
const random = seededRandom(Number(String(name).replaceAll(/\D/g, "")));
const key = `register:${name}`;
process.send?.("ready");
await once(process, "message");
const loading = new AbortController();
process.once("message", () => loading.abort());
let operations = 0;
for (let value = 0; !loading.signal.aborted; operations += 1) {
  if (random.integer(1, 100) <= 50) await client.call("GET", key);
  else await client.call("SET", key, (value += 1));
}
client.disconnect();
process.send?.(operations);
process.disconnect();
