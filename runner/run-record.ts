/**
 * What a stored run says of itself while it goes on: its plan, and `run.json`, which tells until the last moment that
 * the run has not ended.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../history/plan.ts";
import type { RunFacts } from "../store/run-facts.ts";
import { keepDocument } from "../history/live/keep-document.ts";
import { factsOf, gatherFacts } from "./gather-facts.ts";
import type { RunOptions } from "./run.ts";
import { createStoredRun } from "./run-folder.ts";
import type { Stage } from "./stage.ts";

const FACTS_FILE = "run.json";
/** For the reason of a failure, which may be that the disk is full. */
const ROOM_BYTES = 2_048;
const LONGEST_REASON = 1_000;

export class RunRecord {
  /** The folder of the stored run, absolute. */
  readonly folder: string;
  readonly #started = performance.now();
  #facts: RunFacts;

  /** Makes the folder of the run. */
  constructor(plan: Plan, options: RunOptions) {
    const startedAt = new Date();
    this.folder = createStoredRun(options.results, plan, startedAt);
    this.#facts = gatherFacts(plan, options, startedAt);
    keepDocument(join(this.folder, "plan.json"), plan);
    this.#write(ROOM_BYTES);
  }

  /** It is known what the run is made on. */
  opened(stage: Stage): void {
    this.#facts = { ...this.#facts, ...factsOf(stage) };
    this.#write(ROOM_BYTES);
  }

  /**
   * Everything that the run was to store is stored, and all that it started is gone. @param interrupted before its plan
   * had ended
   */
  ended(interrupted: boolean): void {
    this.#facts = { ...this.#facts, interrupted };
    this.#write(0);
  }

  /** The harness failed. */
  failed(reason: string): void {
    this.#facts = failed(this.#facts, reason);
    this.#write(0);
  }

  #write(room: number): void {
    const durationMs = Math.round(performance.now() - this.#started);
    this.#facts = { ...this.#facts, durationMs };
    keepDocument(join(this.folder, FACTS_FILE), this.#facts, room);
  }
}

/**
 * Lets a stored run that has come to its end say that the harness failed after it, as when its verdict could not be
 * stored. A failure that it tells already stays.
 * @throws the error of the file system.
 */
export function storeFailure(folder: string, reason: string): void {
  const file = join(folder, FACTS_FILE);
  const facts = JSON.parse(readFileSync(file, "utf8")) as RunFacts;
  if (facts.failure === undefined) keepDocument(file, failed(facts, reason));
}

function failed(facts: RunFacts, reason: string): RunFacts {
  return { ...facts, interrupted: true, failure: reason.slice(0, LONGEST_REASON) };
}
