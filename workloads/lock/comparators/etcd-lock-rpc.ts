/**
 * The lock that an etcd server offers itself, the RPC `Lock`
 * (https://etcd.io/docs/v3.4/dev-guide/api_concurrency_reference_v3/), asked for over the gateway
 * (https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/). The caller brings a lease, which is not kept alive while it
 * waits.
 *
 * A specimen where the server is older than 3.5: a client that has waited longer than the lease lives is told that it
 * has the lock (etcd-io/etcd#11456).
 */
import type { Endpoint } from "../../adapter/adapter.ts";
import type { LockAdapter } from "../adapter.ts";

export const etcdLockRpc: LockAdapter = {
  name: "etcd-lock-rpc",
  systems: ["etcd"],
  minTtlMs: 1_000,
  blocking: true,
  open({ endpoints }) {
    const [server] = endpoints;
    if (server === undefined) throw new RangeError("there is no etcd to ask");
    const ask = <T>(rpc: string, request: object): Promise<T> => call<T>(server, rpc, request);
    return {
      async acquire(key, ttlMs) {
        const { ID: lease } = await ask<{ ID: string }>("lease/grant", { TTL: Math.ceil(ttlMs / 1_000) });
        const name = Buffer.from(key).toString("base64");
        const { key: held, header } = await ask<Locked>("lock/lock", { name, lease });
        return {
          token: header.revision,
          async release() {
            await ask("lock/unlock", { key: held });
            await revoke(server, lease);
          },
        };
      },
    };
  },
};

interface Locked {
  /** The key that is held, in base64. */
  readonly key: string;
  readonly header: { readonly revision: string };
}

/** @returns whether there was one: it may be over. */
async function revoke(server: Endpoint, lease: string): Promise<boolean> {
  try {
    await call(server, "lease/revoke", { ID: lease });
    return true;
  } catch (error) {
    if (error instanceof EtcdError && error.code === NOT_FOUND) return false;
    throw error;
  }
}

/** In the words of gRPC. */
const NOT_FOUND = 5;

class EtcdError extends Error {
  override readonly name = "EtcdError";
  readonly code: number | undefined;

  constructor(rpc: string, status: number, answer: string) {
    super(`etcd answered ${rpc} with ${status}: ${answer.slice(0, 200)}`);
    const code = /"code":\s*(\d+)/.exec(answer)?.[1];
    this.code = code === undefined ? undefined : Number(code);
  }
}

/** @throws EtcdError when it answers with an error. */
async function call<T>({ host, port }: Endpoint, rpc: string, request: object): Promise<T> {
  const response = await fetch(`http://${host}:${port}/v3/${rpc}`, { method: "POST", body: JSON.stringify(request) });
  if (!response.ok) throw new EtcdError(rpc, response.status, await response.text());
  return (await response.json()) as T;
}
