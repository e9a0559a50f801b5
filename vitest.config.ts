import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Tests drive real servers and processes: what a slow machine takes must not decide whether they pass.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Every file starts processes of its own; more side by side than this only measures how busy the machine is.
    maxWorkers: 2,
    // A test that passes on the second try has found something.
    retry: 0,
  },
});
