/**
 * Schedules as text, one step a line: `[NAME:] MOMENT: FAULT [END]`, such as `cut: at 1s: partition isolate-primary for
 * 4s`. The grammar is in docs/schedules.md; `format.ts` writes what is read here.
 */
import type { FaultPlan } from "../../history/plan.ts";
import { parseFault } from "./parse-fault.ts";
import type { ParsedFault } from "./parse-fault.ts";
import { parseEnd, parseStart } from "./parse-moment.ts";
import type { ParsedMoment } from "./parse-moment.ts";
import { Scanner } from "./scanner.ts";
import type { Word } from "./scanner.ts";

interface Step {
  readonly name: Word | undefined;
  readonly start: ParsedMoment;
  readonly fault: ParsedFault;
  readonly end: ParsedMoment | undefined;
}

/**
 * The faults of a schedule. One without a name is called like its kind, and numbered where that name is taken. Pure.
 * @throws ScheduleError naming the line, the column, the word that is wrong and what is allowed there.
 */
export function parseSchedule(text: string): FaultPlan[] {
  const scanner = new Scanner(text);
  const steps: Step[] = [];
  for (scanner.skipToStep(); !scanner.atEnd; scanner.skipToStep()) steps.push(parseStep(scanner));
  const ids = namesOf(steps, scanner);
  for (const [i, { start, end }] of steps.entries()) {
    for (const word of [...start.named, ...(end?.named ?? [])]) {
      const others = ids.filter((id) => id !== ids[i]);
      if (!others.includes(word.text)) throw scanner.unknown("other fault", word, others);
    }
  }
  return steps.map(({ start, fault, end }, i) => ({
    id: ids[i] ?? fault.kind,
    ...fault,
    start: start.moment,
    ...(end === undefined ? {} : { end: end.moment }),
  }));
}

function parseStep(scanner: Scanner): Step {
  const name = parseName(scanner);
  const start = parseStart(scanner);
  scanner.expect(":", `":" and then the fault`);
  const fault = parseFault(scanner);
  const end = parseEnd(scanner);
  if (!scanner.atEndOfStep) throw scanner.wrongHere("the end of the step");
  return { name, start, fault, end };
}

/** `NAME:`, if the step has one. */
function parseName(scanner: Scanner): Word | undefined {
  return scanner.attempt(() => {
    const word = scanner.takeWord();
    return word !== undefined && scanner.take(":") ? word : undefined;
  });
}

function namesOf(steps: readonly Step[], scanner: Scanner): string[] {
  const taken = new Set<string>();
  for (const { name } of steps) {
    if (name === undefined) continue;
    if (taken.has(name.text)) throw scanner.error(`two steps have the name ${JSON.stringify(name.text)}`, name.offset);
    taken.add(name.text);
  }
  return steps.map(({ name, fault: { kind } }) => {
    if (name !== undefined) return name.text;
    let id = kind;
    for (let count = 2; taken.has(id); count += 1) id = `${kind}-${count}`;
    taken.add(id);
    return id;
  });
}
