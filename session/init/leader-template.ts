/** The starting point for a leader election: a lease of a few lines stands where the user's own goes. */
export const LEADER_TEMPLATE = `// Your leader election, as redquake calls it. The contract: node_modules/redquake/docs/leaders.md
// This one is a lease, SET NX PX, that steps down by its own clock; put your own library in its place.
import type { LeaderAdapter } from "redquake/adapter";

const RENEW = \`if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end return 0\`;
const FREE = \`if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0\`;

export default {
  kind: "leader",
  name: "my-leader@1.0.0",
  open({ redis, election, termMs, clientId, log }) {
    const server = redis(0, { commandTimeout: termMs }); // an ioredis through the fault proxies
    let candidacies = 0;
    return {
      stand({ onElected, onDemoted }) {
        const value = \`\${clientId}:\${(candidacies += 1)}\`;
        let [resigned, leads, until] = [false, false, 0];
        const isLeader = () => !resigned && leads && performance.now() < until;
        const turn = async () => {
          const asked = performance.now(); // a term counts from before the command is sent
          const done = leads
            ? (await server.eval(RENEW, 1, election, value, termMs)) === 1
            : (await server.set(election, value, "PX", termMs, "NX")) === "OK";
          if (done) until = asked + termMs;
          if (done && !leads && !resigned) onElected();
          leads = done;
        };
        const tick = async () => {
          const led = leads;
          await turn().catch((error: Error) => log(error.message)); // nobody knows: the clock decides
          if (performance.now() >= until) leads = false;
          if (led && !leads && !resigned) onDemoted();
          if (!resigned) timer = setTimeout(() => void tick(), termMs / 3);
        };
        let timer = setTimeout(() => void tick(), 0);
        const resign = async () => {
          resigned = true;
          clearTimeout(timer);
          return (await server.eval(FREE, 1, election, value)) === 1;
        };
        return { isLeader, resign, seat: { key: election, value } };
      },
    };
  },
} satisfies LeaderAdapter;
`;
