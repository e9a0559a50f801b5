/** `redquake adapter-test`: does an adapter do what its contract says? */
import { assertTemporaryWritable } from "../runner/assert-writable.ts";
import { chooseHost } from "../runner/equipment/choose-host.ts";
import { cleanUp } from "../runner/equipment/clean.ts";
import { describeAdapter } from "../runner/errand/describe-adapter.ts";
import { installLock } from "../runner/plan/install-libraries.ts";
import { testAdapter } from "../runner/errand/test-adapter.ts";
import { adapterSource } from "../workloads/lock/adapter-source.ts";
import type { ConformanceCheck } from "../workloads/lock/conformance/check.ts";
import { CONFORMANCE } from "../workloads/lock/conformance/check.ts";
import type { Colors } from "./colors.ts";
import { colorsFor, paint } from "./colors.ts";
import { EXIT } from "../session/exit-code.ts";
import { freshSeed } from "../session/seed.ts";
import { print, printJson } from "./print.ts";
import type { SessionFlags } from "./run-session.ts";
import { wantedRedis } from "../session/wanted-redis.ts";
import { say } from "./say.ts";
import { userFolder } from "../machine/user-folder.ts";

export interface AdapterTestFlags extends Pick<SessionFlags, "host" | "redis" | "json"> {
  readonly seed?: number;
}

const MARKS = { passed: "✓", failed: "✗", skipped: "–" } as const;
const TONES = { passed: "good", failed: "bad", skipped: "doubtful" } as const;

/**
 * Resolves with the exit code.
 * @throws AdapterError, AdapterFailedError when the adapter cannot be used; HostError when its package cannot be
 * installed.
 */
export async function adapterTestCommand(named: string, flags: AdapterTestFlags): Promise<number> {
  const source = adapterSource(named, userFolder());
  // Before any server is started.
  assertTemporaryWritable();
  await installLock(source);
  const facts = await describeAdapter(source, say);
  await cleanUp({ say });
  const host = await chooseHost({ host: flags.host, redis: wantedRedis(flags.redis, flags.host), say });
  const checks: ConformanceCheck[] = [];
  const colors = colorsFor(process.stdout);
  const seed = flags.seed ?? freshSeed();
  const seen = (check: ConformanceCheck): void => {
    checks.push(check);
    if (flags.json !== true) print(describe(check, colors));
  };
  await testAdapter(source, facts, { host, seed, seen, say });
  const failed = checks.filter(({ state }) => state === "failed");
  if (flags.json === true) printJson({ adapter: facts, seed, checks });
  else
    print(
      failed.length === 0
        ? `${facts.name} keeps its contract.`
        : `${facts.name}: ${failed.length} of ${checks.length} checks failed.`,
    );
  return failed.length === 0 ? EXIT.wellDone : EXIT.promiseBroken;
}

function describe({ id, state, seen }: ConformanceCheck, colors: Colors): string {
  return `${paint(colors, TONES[state])(MARKS[state])} ${colors.bold(CONFORMANCE[id])}: ${seen}`;
}
