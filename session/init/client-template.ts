/** The starting point for a client: a wrapper of one's own around a client library. */
export const CLIENT_TEMPLATE = `// Your client of Redis, as redquake calls it. The contract: node_modules/redquake/docs/clients.md
// This one is an ioredis with settings of its own; put your own wrapper in its place.
import type { ClientAdapter, ClientCommand } from "redquake/adapter";

const words = ({ name, args }: ClientCommand) => [name.toLowerCase(), ...args];

export default {
  kind: "client",
  name: "my-client@1.0.0",
  systems: ["single", "sentinel"], // for a Cluster: cluster() in place of redis()
  open({ redis }) {
    const client = redis(0, { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0, commandTimeout: 2_000 });
    const all = async (replies: Promise<[error: Error | null, reply: unknown][] | null>) =>
      ((await replies) ?? []).map(([error, reply]) => error ?? reply);
    return {
      command: (name, args) => client.call(name, ...args),
      transaction: (commands) => all(client.multi(commands.map(words)).exec()),
      pipeline: (commands) => all(client.pipeline(commands.map(words)).exec()),
    };
  },
} satisfies ClientAdapter;
`;
