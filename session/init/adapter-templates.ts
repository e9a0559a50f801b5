/**
 * Starting points of `redquake init` for an adapter. Each one works as it is: a lock of a few lines stands where the
 * user's own goes.
 */
import type { AdapterTemplate } from "./adapter-template.ts";
import { CACHE_TEMPLATE } from "./cache-template.ts";
import { CLIENT_TEMPLATE } from "./client-template.ts";
import { LEADER_TEMPLATE } from "./leader-template.ts";
import { DELIVERY_TEMPLATES } from "./delivery-templates.ts";

/** Where a lock goes. */
const LOCK_FILE = "my-lock.ts";

const HEAD = `// Your lock, as redquake calls it. The contract: node_modules/redquake/docs/adapters.md`;

const SCRIPTS = `const RELEASE = \`if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0\`;
const EXTEND = \`if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end return 0\`;`;

const RELEASE = SCRIPTS.split("\n")[0] ?? "";

const ONE = `${HEAD}
// This one is SET NX PX with a release that compares before it deletes; put your own library in its place.
import { randomUUID } from "node:crypto";
import type { LockAdapter } from "redquake/adapter";

${SCRIPTS}

export default {
  name: "my-lock@1.0.0",
  open({ redis }) {
    const server = redis(); // an ioredis; for a client of your own: redquake init --template node-redis
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
} satisfies LockAdapter;
`;

const NODE_REDIS = `${HEAD}
// Its connection is made by node-redis; put your own library in the place of the SET.
import { randomUUID } from "node:crypto";
import { createClient } from "redis";
import type { LockAdapter } from "redquake/adapter";

${RELEASE}

export default {
  name: "my-lock@1.0.0",
  systems: ["single"], // with Sentinel the endpoints are the sentinels, which this client does not ask
  async open({ endpoints, log }) {
    const [socket] = endpoints; // the way through the fault proxies: connect to no other address
    const client = createClient({ socket });
    client.on("error", (error: Error) => log(error.message)); // where nobody listens, an error ends the process
    await client.connect();
    return {
      async acquire(key, ttlMs) {
        const value = randomUUID();
        const until = Date.now() + ttlMs; // counted from before the command was sent
        const expiration = { type: "PX", value: ttlMs } as const;
        if ((await client.set(key, value, { condition: "NX", expiration })) === null) return null; // somebody else has it
        return {
          release: async () => (await client.eval(RELEASE, { keys: [key], arguments: [value] })) === 1,
          validUntil: () => until,
        };
      },
      async close() {
        client.destroy();
      },
    };
  },
} satisfies LockAdapter;
`;

const ROUTINE = `${HEAD}
// For a library that runs a routine of yours under the lock, and frees it by itself: put its call in the place of
// withLock.
import { randomUUID } from "node:crypto";
import type { AdapterEnvironment, LockAdapter } from "redquake/adapter";

${RELEASE}

type Server = ReturnType<AdapterEnvironment["redis"]>;

/** Resolves to false, without having run the routine, when somebody else has the lock. */
async function withLock(server: Server, key: string, ttlMs: number, routine: () => Promise<void>): Promise<boolean> {
  const value = randomUUID();
  if ((await server.set(key, value, "PX", ttlMs, "NX")) === null) return false;
  try {
    await routine();
  } finally {
    await server.eval(RELEASE, 1, key, value);
  }
  return true;
}

export default {
  name: "my-lock@1.0.0",
  open({ redis }) {
    const server = redis();
    return {
      acquire: (key, ttlMs) =>
        new Promise((resolve, reject) => {
          // The lock is held while the routine runs: it begins with the grant, and release() lets it end.
          const routine = () =>
            new Promise<void>((end) => {
              const release = () => (end(), outcome);
              resolve({ release, outcome });
            });
          const outcome = withLock(server, key, ttlMs, routine);
          // Before the grant: a no, or an error. After it this changes nothing.
          outcome.then((got) => got || resolve(null), reject);
        }),
    };
  },
} satisfies LockAdapter;
`;

const MAJORITY = `${HEAD}
// This one asks several independent servers, and has the lock when a majority granted it; put your own library in its
// place.
import { randomUUID } from "node:crypto";
import type { LockAdapter } from "redquake/adapter";

${RELEASE}

export default {
  name: "my-lock@1.0.0",
  servers: "majority",
  open({ endpoints, redis }) {
    const servers = endpoints.map((_, i) => redis(i)); // a connection to each of them
    const majority = Math.floor(servers.length / 2) + 1;
    return {
      async acquire(key, ttlMs) {
        const value = randomUUID();
        const until = Date.now() + ttlMs - Math.ceil(ttlMs / 100) - 2; // before they are asked, and what clocks may drift
        const votes = await Promise.allSettled(servers.map((server) => server.set(key, value, "PX", ttlMs, "NX")));
        const release = async () => {
          const freed = await Promise.allSettled(servers.map((server) => server.eval(RELEASE, 1, key, value)));
          return freed.filter((each) => each.status === "fulfilled" && each.value === 1).length >= majority;
        };
        const granted = votes.filter((vote) => vote.status === "fulfilled" && vote.value === "OK").length;
        if (granted >= majority && Date.now() < until) return { release, validUntil: () => until };
        await release();
        const failed = votes.find((vote) => vote.status === "rejected");
        if (failed !== undefined) throw failed.reason; // nobody knows: null would say that somebody else has it
        return null;
      },
    };
  },
} satisfies LockAdapter;
`;

export const ADAPTER_TEMPLATES = {
  one: {
    when: "a lock on one server, through the ioredis that redquake hands out",
    packages: [],
    text: ONE,
    file: LOCK_FILE,
  },
  "node-redis": {
    when: "a client of your own, here node-redis",
    packages: ["redis"],
    text: NODE_REDIS,
    file: LOCK_FILE,
  },
  routine: { when: "a library that runs a routine under the lock", packages: [], text: ROUTINE, file: LOCK_FILE },
  majority: {
    when: "a lock on several independent servers, as Redlock",
    packages: [],
    text: MAJORITY,
    file: LOCK_FILE,
  },
  ...DELIVERY_TEMPLATES,
  client: {
    when: "a client of Redis: how your code sends commands",
    packages: [],
    text: CLIENT_TEMPLATE,
    file: "my-client.ts",
  },
  cache: { when: "a cache that hears of changes", packages: [], text: CACHE_TEMPLATE, file: "my-cache.ts" },
  leader: { when: "an election of a leader", packages: [], text: LEADER_TEMPLATE, file: "my-leader.ts" },
} as const satisfies Readonly<Record<string, AdapterTemplate>>;

export type TemplateName = keyof typeof ADAPTER_TEMPLATES;
