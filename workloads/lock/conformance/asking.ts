/** Whether the adapter asks the servers that it is given. */
import type { Bench } from "./bench.ts";
import { failed, passed } from "../../adapter/conformance/outcome.ts";
import { LONG_MS } from "./times.ts";

/** Nobody else asks these servers for anything meanwhile, and a grant that they know nothing of is not theirs. */
export async function asking(bench: Bench): Promise<void> {
  const before = await bench.servers.commands();
  await bench.obtain(0, bench.key(), LONG_MS);
  const carriedOut = differences(before, await bench.servers.commands());
  const where = bench.options.endpoints.map(({ host, port }) => `${host}:${port}`).join(", ");
  bench.tell(
    "asks-servers",
    carriedOut.length > 0
      ? passed(`for a grant the servers carried out ${carriedOut.join(", ")}`)
      : failed(
          `acquire() gave a lock, and no server that it was given (${where}) has carried out a command for it: it asks somebody else, such as a server at an address of its own, or a mock. Connect to environment.endpoints, or use environment.redis()`,
        ),
  );
}

/** Such as `2 set`. */
function differences(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...after].flatMap(([command, count]) => {
    const more = count - (before.get(command) ?? 0);
    return more > 0 ? [`${more} ${command}`] : [];
  });
}
