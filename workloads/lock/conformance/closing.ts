/** Whether the adapter ends what it has made. */
import type { Bench } from "./bench.ts";
import { ended } from "../../adapter/conformance/calls.ts";
import { failed, passed } from "../../adapter/conformance/outcome.ts";
import { LEAK_PATIENCE_MS } from "../../adapter/conformance/times.ts";

export async function closing(bench: Bench): Promise<void> {
  const closable = bench.clients.some((client) => client.close !== undefined);
  const ends = await Promise.all(bench.clients.map((client) => ended(client.close?.() ?? Promise.resolve())));
  bench.close();
  bench.servers.disconnect();
  const left = await bench.options.leftOver(LEAK_PATIENCE_MS);
  const refused = ends.find((end) => !end.startsWith("resolved"));
  bench.tell(
    "closes",
    refused !== undefined
      ? failed(`close() ${refused}`)
      : left === undefined
        ? passed("nothing keeps its process alive")
        : failed(
            `${closable ? "after close()" : "it has no close(), and"} something still keeps its process alive: ${left}; close() has to end what the adapter has made: connections of its own, timers`,
          ),
  );
}
