import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** Files that take a minute or more: whichever of them came last would be waited for alone. */
const LONGEST = [
  "nemesis/faults/topology",
  "cli/commands/runs/adapter-runs",
  "setup/package",
  "nemesis/faults/pairs",
  "cli/commands/machine/adapter-test",
  "cli/commands/runs/campaigns",
  "campaigns/docker",
];

/** Whole runs, as many side by side as a laptop carries: nothing else runs meanwhile. */
const CAMPAIGNS = ["test/campaigns/shipped.test.ts"];
/** Tests that start no process: they share their workers, as each new one loads the same modules again. */
const PURE = ["test/checkers/**/*.test.ts"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    // Tests drive real servers and processes: what a slow machine takes must not decide whether they pass.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    // Runs of campaigns and checks of libraries, which mostly wait.
    maxConcurrency: 6,
    sequence: { sequencer: LongestFirst },
    // A test that passes on the second try has found something.
    retry: 0,
    projects: [
      {
        extends: true,
        test: { name: "campaigns", include: CAMPAIGNS, maxWorkers: 1, sequence: { groupOrder: 3 } },
      },
      {
        extends: true,
        test: { name: "pure", include: PURE, isolate: false, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: "servers",
          include: ["test/**/*.test.ts"],
          exclude: [...CAMPAIGNS, ...PURE],
          // Every file starts processes of its own, and waits for them most of the time. A Toxiproxy that is given
          // serves one file at a time: POST /reset is about all that it has.
          maxWorkers: process.env["TOXIPROXY_URL"] === undefined ? 4 : 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
