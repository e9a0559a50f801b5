import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** Files that take a minute or more: whichever of them came last would be waited for alone. */
const LONGEST = [
  "campaigns/shipped",
  "nemesis/topology-faults",
  "cli/adapter-runs",
  "cli/adapter-test",
  "campaigns/docker",
];

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
    include: ["test/**/*.test.ts"],
    // Tests drive real servers and processes: what a slow machine takes must not decide whether they pass.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Every file starts processes of its own; more side by side than this only measures how busy the machine is.
    maxWorkers: 2,
    // A Toxiproxy that is given serves one file at a time: POST /reset is about all that it has.
    fileParallelism: process.env["TOXIPROXY_URL"] === undefined,
    // Campaigns mostly wait; more of them side by side, with another file beside, only make each other late.
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    // A test that passes on the second try has found something.
    retry: 0,
  },
});
