/** What `redquake init` writes. */

export const ADAPTER_TEMPLATE = `// Your lock, as redquake calls it. The contract: node_modules/redquake/docs/adapters.md
// This one is SET NX PX with a release that compares before it deletes; put your own library in its place.
import { randomUUID } from "node:crypto";

const RELEASE = \`if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0\`;
const EXTEND = \`if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end return 0\`;

/** @type {import("redquake/adapter").LockAdapter} */
export default {
  name: "my-lock@1.0.0",
  open({ redis }) {
    const server = redis(); // or a client of your own: environment.endpoints has the addresses
    return {
      async acquire(key, ttlMs) {
        const value = randomUUID();
        let until = Date.now() + ttlMs; // counted from before the command was sent
        if ((await server.set(key, value, "PX", ttlMs, "NX")) === null) return null; // somebody else has it
        return {
          release: async () => (await server.eval(RELEASE, 1, key, value)) === 1,
          extend: async (ms) => {
            const from = Date.now();
            const extended = (await server.eval(EXTEND, 1, key, value, ms)) === 1;
            if (extended) until = from + ms;
            return extended;
          },
          validUntil: () => until,
        };
      },
    };
  },
};
`;

export const WORKFLOW_TEMPLATE = `# Every night: is my lock safe? The report of every run is kept with the job.
name: redquake
on:
  schedule:
    - cron: "17 2 * * *"
  workflow_dispatch:
permissions:
  contents: read
jobs:
  locks:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0
      - uses: actions/setup-node@48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e # v6.4.0
        with:
          node-version: 24
      - run: npm ci
      - run: npm run redquake:check
      - run: npm run redquake
      - if: always()
        uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0
        with:
          name: redquake
          path: results
`;
