/** The register workload's loop without redquake: what recording is measured against. Prints how many commands it made. */
import { Redis } from "ioredis";
import { connectionOptions } from "../workloads/clients/profiles.ts";
import { seededRandom } from "../workloads/random.ts";

const [port, name, seconds] = process.argv.slice(2);
const client = new Redis({
  ...connectionOptions("raw", 2_000),
  host: "127.0.0.1",
  port: Number(port),
  replyMapping: "legacy",
});
await new Promise((resolve) => client.once("ready", resolve));
const random = seededRandom(Number(String(name).replaceAll(/\D/g, "")));
const key = `register:${name}`;
const end = performance.now() + Number(seconds) * 1_000;
let operations = 0;
for (let value = 0; performance.now() < end; operations += 1) {
  if (random.integer(1, 100) <= 50) await client.call("GET", key);
  else await client.call("SET", key, (value += 1));
}
client.disconnect();
console.log(operations);
