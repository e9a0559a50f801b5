/**
 * The server as a process of its own: `main.ts [--host 127.0.0.1] [--port 8474] [--seed 0]`. A parent that forked it is
 * told the address, and its end (or its `disconnect`) ends this process; otherwise a signal does.
 */
import { parseArgs } from "node:util";
import { startToxiproxyServer } from "./server.ts";

/** What the parent is told once the API answers. */
export interface ToxiproxyReady {
  readonly url: string;
}

/** What the parent asks, and what it is told then: see `ToxiproxyServer.fromClients`. */
export interface ToxiproxyQuestion {
  readonly ask: "from-clients";
}
export interface ToxiproxyAnswer {
  readonly fromClients: { readonly [proxy: string]: readonly (readonly [port: number, bytes: number])[] };
}

const { values } = parseArgs({
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "8474" },
    seed: { type: "string", default: "0" },
  },
});

const server = await startToxiproxyServer({
  host: values.host,
  port: wholeNumber("port", values.port),
  seed: wholeNumber("seed", values.seed),
  log: (line) => console.log(`${new Date().toISOString()} ${line}`),
});
console.log(`Toxiproxy API on ${server.url}`);

// Nothing here is worth saving: the operating system closes every socket.
process.on("disconnect", () => process.exit(0));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
// There is only one question.
process.on("message", () => {
  const all = [...server.fromClients()].map(([proxy, counts]) => [proxy, [...counts]] as const);
  process.send?.({ fromClients: Object.fromEntries(all) } satisfies ToxiproxyAnswer);
});
process.send?.({ url: server.url } satisfies ToxiproxyReady);

function wholeNumber(option: string, text: string): number {
  if (!/^-?\d+$/.test(text)) throw new Error(`--${option} must be a whole number, not ${text}`);
  return Number(text);
}
