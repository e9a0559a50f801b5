/** What was done under the faults of a run, in words. */
import type { Coverage, FaultCoverage, KindCount, Shortfall, Stretch } from "../kit/coverage.ts";
import { countedIn } from "../kit/coverage.ts";
import { counted, listed, moment } from "../kit/words.ts";

/** More than this in one sentence, and nobody reads it. */
const MAX_TOLD = 2;

/** A gap that is shorter than this part of the load is a pause between two operations. */
const MIN_GAP = 0.05;

/** `No acquire succeeded in the whole load (841 were tried).` */
export function nothingDone({ load, end }: Coverage): string {
  return `No ${either(load.kinds)} ${end} in the whole load${tries([load], end)}.`;
}

/** `No acquire succeeded between 1.500 s, when “SIGKILL n1” acted, and the end of the load (841 were tried).` */
export function describeShortfalls(found: readonly Shortfall[], coverage: Coverage): string {
  const told = found.slice(0, MAX_TOLD).map((shortfall) => describeShortfall(shortfall, coverage));
  const more = found.length - told.length;
  if (more > 0) told.push(`So it was with ${counted(more, "more fault")}.`);
  return told.join(" ");
}

function describeShortfall({ fault, part, counted: count, least }: Shortfall, coverage: Coverage): string {
  const { end } = coverage;
  const { during, after, title } = fault;
  const stretches = part === "during" ? [during] : part === "after" ? [after ?? noTime(during)] : both(fault);
  const what = `${either(during.kinds)}${by(coverage)}`;
  const whats = `${either(during.kinds, "s")}${by(coverage, "s")}`;
  const enough = least === 1 ? "" : `, fewer than the ${least} that the claim needs`;
  const subject = count === 0 ? `No ${what} ${end}` : `Only ${counted(count, what, whats)} ${end}`;
  const when =
    part === "during"
      ? `while “${title}” lasted (from ${moment(during.from)} to ${moment(during.to)})`
      : part === "after"
        ? `after “${title}” was healed`
        : `between ${moment(during.from)}, when “${title}” acted, and the end of the load`;
  return `${subject} ${when}${tries(stretches, end)}${enough}.`;
}

/**
 * What a verdict of *holds* must not hide: kinds of operations that never succeeded while a fault lasted, or after it.
 * Empty where there are none. A stretch in which nobody tried is no gap: where that is all there is, the claim is not
 * shown, which `describeShortfalls` says.
 */
export function describeGaps(coverage: Coverage): string {
  const { load, faults, end } = coverage;
  const isLong = ({ from, to }: Stretch): boolean => to - from >= MIN_GAP * (load.to - load.from);
  const gaps = faults.flatMap((fault) => {
    const { title, during, after } = fault;
    const silent = isLong(during) ? unanswered(during) : [];
    const later = after !== undefined && isLong(after) ? unanswered(after) : [];
    const lasted = `from ${moment(during.from)} to ${moment(during.to)}`;
    return [
      ...(silent.length === 0
        ? []
        : [`No ${either(silent)}${by(coverage)} ${end} while “${title}” lasted, ${lasted}${afterwards(fault)}.`]),
      ...(later.length === 0 ? [] : [`No ${either(later)}${by(coverage)} ${end} after “${title}” was healed.`]),
    ];
  });
  const more = gaps.length - MAX_TOLD;
  return [...gaps.slice(0, MAX_TOLD), ...(more > 0 ? [`There are ${more} more such gaps.`] : [])].join(" ");
}

function unanswered({ kinds: all }: Stretch): KindCount[] {
  return all.filter((kind) => kind.tried + kind.open > 0 && kind.counted === 0);
}

function afterwards({ after }: FaultCoverage): string {
  return countedIn(after) === 0 ? "" : `; ${countedIn(after)} did afterwards`;
}

/**
 * One line for each fault: `“SIGKILL n1”: 0 of 841 acquires succeeded while it lasted, 12 of 40 afterwards (w1, w2)`.
 */
export function coverageLines(coverage: Coverage): string[] {
  const { load, faults } = coverage;
  if (faults.length === 0) return [`In the load, without a fault: ${amounts(load, { end: coverage.end })}.`];
  return faults.map(({ title, during, after }) => {
    const later = after === undefined ? "it lasted until the end" : `afterwards ${amounts(after, coverage)}`;
    return `Under “${title}”: ${amounts(during, coverage)}; ${later}.`;
  });
}

function amounts({ kinds: all }: Stretch, coverage: Pick<Coverage, "end" | "byNewHolders">): string {
  const tried = all.filter((kind) => kind.tried + kind.open > 0);
  if (tried.length === 0) return "nothing was tried";
  return listed(
    tried.map((kind) => {
      const names = Object.keys(kind.workers);
      const lucky = names.filter((name) => (kind.workers[name] ?? 0) > 0);
      const done = `${counted(kind.counted, kind.f)}${by(coverage, kind.counted === 1 ? "" : "s")}`;
      return `${done} ${coverage.end} (${lucky.length} of ${counted(names.length, "worker")})`;
    }),
  );
}

/** @param plural an `s` for each name, where more than one is told of */
function either(each: readonly KindCount[], plural: "" | "s" = ""): string {
  const names = each.map(({ f }) => `${f}${plural}`);
  return names.length === 0
    ? `operation${plural}`
    : names.length < 2
      ? names.join("")
      : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function by({ byNewHolders = false }: Pick<Coverage, "byNewHolders">, plural: "" | "s" = ""): string {
  return byNewHolders ? ` by ${plural === "" ? "a new holder" : "new holders"}` : "";
}

function both({ during, after }: FaultCoverage): Stretch[] {
  return after === undefined ? [during] : [during, after];
}

function noTime({ to, kinds: all }: Stretch): Stretch {
  return { from: to, to, kinds: all.map((kind) => ({ ...kind, tried: 0, open: 0, counted: 0, workers: {} })) };
}

function tries(stretches: readonly Stretch[], end: Coverage["end"]): string {
  if (end === "tried") return "";
  const open = (stretches[0]?.kinds ?? []).reduce((sum, kind) => sum + kind.open, 0);
  const tried = stretches.flatMap(({ kinds: all }) => all).reduce((sum, kind) => sum + kind.tried, open);
  return tried === 0
    ? " (none was tried)"
    : ` (${tried.toLocaleString("en-US")} ${tried === 1 ? "was" : "were"} tried)`;
}
