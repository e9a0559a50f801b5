/**
 * Whether an adapter does what its contract says, on real servers and without any fault. It does not say whether the
 * election is safe: that is what campaigns are for.
 */
import { setTimeout as delay } from "node:timers/promises";
import { AdapterError } from "../../adapter/adapter-error.ts";
import { ended, said } from "../../adapter/conformance/calls.ts";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { Servers } from "../../adapter/conformance/servers.ts";
import { LEAK_PATIENCE_MS } from "../../adapter/conformance/times.ts";
import type { LeaderAdapter } from "../adapter.ts";
import type { Contender } from "./bench.ts";
import { Bench } from "./bench.ts";
import type { CheckId } from "./check.ts";
import { CONFORMANCE } from "./check.ts";

/** Long enough that a candidate that does not renew has lost its term. */
const TERMS = 2.5;

/** Makes every check. @throws AdapterError when the adapter breaks its contract so that nothing more can be checked. */
export async function conformance(options: ConformanceOptions<LeaderAdapter>): Promise<void> {
  const bench = await Bench.open(options, await Servers.at(options.endpoints));
  const contenders: Contender[] = [];
  try {
    await election(bench, contenders);
  } catch (error) {
    if (error instanceof AdapterError) throw error;
    const [next] = untold(bench);
    if (next !== undefined) bench.tell(next, failed(said(error)));
  }
  for (const id of untold(bench)) bench.tell(id, skipped("not tried, as what comes before it failed"));
  await bench.forget(contenders);
  await closing(bench);
}

function untold(bench: Bench): CheckId[] {
  return (Object.keys(CONFORMANCE) as CheckId[]).filter((id) => id !== "closes" && !bench.isTold(id));
}

/** The whole story, in the order of the checks: each is told, or the first one that is not has failed. */
async function election(bench: Bench, contenders: Contender[]): Promise<void> {
  const stand = async (i: number): Promise<Contender> => {
    const contender = await bench.stand(i);
    contenders.push(contender);
    return contender;
  };
  const before = await bench.servers.commands();
  const first = await stand(0);
  await bench
    .until(() => first.elections.length > 0, "onElected() of the only candidate was not called")
    .catch(async (error: unknown) => {
      await asking(bench, before, "no candidate was elected");
      throw error;
    });
  await asking(bench, before, "a candidate was elected");
  bench.tell("elects", passed("the only candidate was told of its election"));
  await saysSo(bench, first);
  const second = await stand(1);
  await delay(TERMS * bench.termMs);
  const tooMany = second.elections.length > 0 && first.demotions.length === 0;
  bench.tell(
    "one-leader",
    tooMany
      ? failed("the second candidate was elected while the first one led, and that one was not told")
      : passed("the second candidate was not elected while the first one led"),
  );
  bench.tell(
    "stays-elected",
    first.demotions.length === 0 && (await first.standing.isLeader())
      ? passed(`the first one still led ${TERMS} terms after its election`)
      : failed(
          `the first one was demoted without a cause${first.demotions[0] === undefined ? "" : `: ${first.demotions[0]}`}`,
        ),
  );
  bench.tell(
    "told-once",
    first.elections.length === 1
      ? passed("onElected() was called once")
      : failed(`onElected() was called ${first.elections.length} times for one election`),
  );
  await resignation(bench, first, second);
  await loss(bench, second, stand);
  tokens(bench, contenders);
}

async function asking(bench: Bench, before: ReadonlyMap<string, number>, what: string): Promise<void> {
  const carriedOut = [...(await bench.servers.commands())].flatMap(([command, count]) => {
    const more = count - (before.get(command) ?? 0);
    return more > 0 ? [`${more} ${command}`] : [];
  });
  const where = bench.options.endpoints.map(({ host, port }) => `${host}:${port}`).join(", ");
  bench.tell(
    "asks-servers",
    carriedOut.length > 0
      ? passed(`when ${what}, the servers had carried out ${carriedOut.join(", ")}`)
      : failed(
          `${what}, and no server that it was given (${where}) has carried out a command for it: it asks somebody else, such as a server at an address of its own, or a mock. Connect to environment.endpoints, or use environment.redis()`,
        ),
  );
}

async function saysSo(bench: Bench, { standing }: Contender): Promise<void> {
  bench.tell(
    "says-so",
    (await standing.isLeader())
      ? passed("isLeader() said so")
      : failed("isLeader() said no just after onElected() had been called"),
  );
}

async function resignation(bench: Bench, first: Contender, second: Contender): Promise<void> {
  const how = await ended(first.standing.resign());
  if (!how.startsWith("resolved")) throw new Error(`resign() ${how}`);
  await bench.until(
    () => second.elections.length > 0,
    "the second candidate was not elected after the first one's resignation",
  );
  bench.tell(
    "resign-frees",
    (await ended(first.standing.isLeader())) === "resolved to true"
      ? failed("the second candidate was elected, and isLeader() of the one that had resigned still said that it led")
      : passed("the second candidate was elected"),
  );
}

/** The servers lose everything, but for what lasts beyond a term: somebody is elected anew. */
async function loss(bench: Bench, leader: Contender, stand: (i: number) => Promise<Contender>): Promise<void> {
  const rival = await stand(0);
  const elections = leader.elections.length;
  if ((await bench.servers.expire(2 * bench.termMs)) === 0) await bench.servers.forget();
  await bench.until(
    () => rival.elections.length > 0 || leader.elections.length > elections,
    "nobody was elected after the leader's key had been removed from the server",
  );
  bench.tell(
    "expires",
    passed(
      `the leader's key was removed from the server, and ${rival.elections.length > 0 ? "the other candidate" : "it"} was elected anew`,
    ),
  );
}

function tokens(bench: Bench, contenders: readonly Contender[]): void {
  const [first, second, third] = contenders;
  const given = [first?.elections[0], second?.elections[0], third?.elections[0] ?? second?.elections[1]].filter(
    (token) => token !== undefined,
  );
  const rises = given.every((token, i) => i === 0 || BigInt(token) > BigInt(given[i - 1] ?? 0));
  const list = given.join(", ");
  bench.tell(
    "token-rises",
    given.length === 0
      ? skipped("it has no token")
      : rises && given.length === 3
        ? passed(list)
        : failed(`three elections, tokens ${list}`),
  );
}

async function closing(bench: Bench): Promise<void> {
  const ends = await Promise.all(bench.clients.map((client) => ended(client.close())));
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
            `after close() something still keeps its process alive: ${left}; close() has to end what the adapter has made: connections of its own, timers`,
          ),
  );
}
