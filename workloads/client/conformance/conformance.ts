/**
 * Whether a client's adapter does what its contract says, on a real server and without any fault. It does not say what
 * the client does under one: that is what campaigns are for.
 */
import { ended } from "../../adapter/conformance/calls.ts";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { LEAK_PATIENCE_MS } from "../../adapter/conformance/times.ts";
import type { ClientAdapter, ClientCommand } from "../adapter.ts";
import { Bench, inWords } from "./bench.ts";

const MANY = 50;
const WAIT_SECONDS = 0.1;

const push = (key: string, element: string): ClientCommand => ({ name: "RPUSH", args: [key, element] });
const count = (key: string): ClientCommand => ({ name: "INCR", args: [key] });

/** Makes every check. @throws AdapterError when the adapter breaks its contract so that nothing more can be checked. */
export async function conformance(options: ConformanceOptions<ClientAdapter>): Promise<void> {
  const bench = await Bench.open(options);
  await bench.try("asks-servers", () => asksServers(bench));
  await bench.try("replies", () => replies(bench));
  await bench.try("many-at-once", () => manyAtOnce(bench));
  await bench.try("rejects", () => rejects(bench));
  await bench.try("tells-refusals", () => tellsRefusals(bench));
  await bench.try("transaction", () => transaction(bench));
  await bench.try("pipeline", () => pipeline(bench));
  await bench.try("blocking", () => blocking(bench));
  bench.tell("closes", await closing(bench));
}

async function asksServers(bench: Bench): Promise<Outcome> {
  const answer = await bench.client.command(push("reached", "a"));
  const found = await bench.list("reached");
  return found.join() === "a"
    ? passed("the server carried out its first command")
    : failed(`RPUSH gave ${inWords(answer)}, and the server has nothing of it`);
}

async function replies({ client }: Bench): Promise<Outcome> {
  const pushed = await client.command(push("replies", "a"));
  const added = await client.command({ name: "XADD", args: ["replies:stream", "7-1", "v", "a"] });
  const counted = await client.command(count("replies:count"));
  const seen = `RPUSH ${inWords(pushed)}, XADD ${inWords(added)}, INCR ${inWords(counted)}`;
  return seen === 'RPUSH 1, XADD "7-1", INCR 1' ? passed(seen) : failed(`${seen}; wanted are 1, "7-1" and 1`);
}

async function manyAtOnce(bench: Bench): Promise<Outcome> {
  const elements = Array.from({ length: MANY }, (_, i) => String(i));
  const answers = await Promise.all(elements.map((element) => bench.client.command(push("many", element))));
  const wrong = answers.find((answer) => "error" in answer);
  const found = await bench.list("many");
  if (wrong !== undefined) return failed(`one of ${MANY} calls in one tick ${inWords(wrong)}`);
  return found.length === MANY
    ? passed(`${MANY} calls in one tick were carried out`)
    : failed(`of ${MANY} calls in one tick the server has carried out ${found.length}`);
}

async function rejects(bench: Bench): Promise<Outcome> {
  const answer = await bench.servers.withoutMemory(() => bench.client.command(push("refused", "a")));
  return "error" in answer
    ? passed(`a write for which the server had no memory ${inWords(answer)}`)
    : failed(`a write for which the server had no memory resolved to ${inWords(answer)}`);
}

async function tellsRefusals(bench: Bench): Promise<Outcome> {
  const answer = await bench.servers.withoutMemory(() => bench.client.command(push("refused", "a")));
  if (!("error" in answer)) return failed("a write for which the server had no memory did not reject");
  return answer.refused
    ? passed("the server's OOM counts as refused")
    : failed("the server's OOM counts as an error after which nobody knows: say so in refused(error)");
}

async function transaction({ client, servers }: Bench): Promise<Outcome> {
  if (!client.has.transaction) return skipped("it has no transaction()");
  const commands = [push("transaction", "a"), count("transaction:count"), push("transaction", "b")];
  const answers = await client.transaction(commands);
  const seen = answers.map(inWords).join(", ");
  if (seen !== "1, 1, 2") return failed(`three commands gave ${seen}; wanted are 1, 1, 2`);
  const refused = await servers.withoutMemory(() => client.transaction([push("transaction", "c")]));
  return refused.every((answer) => "error" in answer)
    ? passed("three commands gave 1, 1, 2; one that the server refused rejected")
    : failed(`a transaction that the server refused gave ${refused.map(inWords).join(", ")}`);
}

async function pipeline({ client }: Bench): Promise<Outcome> {
  if (!client.has.pipeline) return skipped("it has no pipeline()");
  // One that fails by itself: a list has no count.
  const answers = await client.pipeline([push("pipeline", "a"), count("pipeline"), push("pipeline", "b")]);
  const [first, second, third] = answers;
  const seen = answers.map(inWords).join(", ");
  const right =
    first !== undefined &&
    inWords(first) === "1" &&
    third !== undefined &&
    inWords(third) === "2" &&
    second !== undefined;
  return right && "error" in second
    ? passed(seen)
    : failed(`three commands gave ${seen}; wanted are 1, an Error (WRONGTYPE) and 2`);
}

async function blocking({ client }: Bench): Promise<Outcome> {
  const from = performance.now();
  const answer = await client.blocking({ name: "BLPOP", args: ["nothing", WAIT_SECONDS] }, WAIT_SECONDS);
  const tookMs = performance.now() - from;
  if ("error" in answer) return failed(`BLPOP on an empty list ${inWords(answer)}`);
  return tookMs >= (WAIT_SECONDS * 1_000) / 2
    ? passed(`BLPOP of ${WAIT_SECONDS} s settled after ${Math.round(tookMs)} ms`)
    : failed(`BLPOP of ${WAIT_SECONDS} s on an empty list settled after ${Math.round(tookMs)} ms`);
}

async function closing(bench: Bench): Promise<Outcome> {
  const end = await ended(bench.client.close());
  bench.end();
  const left = await bench.options.leftOver(LEAK_PATIENCE_MS);
  if (!end.startsWith("resolved")) return failed(`close() ${end}`);
  return left === undefined
    ? passed("nothing keeps its process alive")
    : failed(
        `something still keeps its process alive: ${left}; close() has to end what the adapter has made: connections of its own, timers`,
      );
}
