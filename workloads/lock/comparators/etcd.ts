/**
 * A lock on etcd by `etcd3` (https://github.com/microsoft/etcd3): a key that is made only where there is none, attached
 * to a lease that the library keeps alive (https://etcd.io/docs/v3.4/learning/api/#lease-api). It is written on
 * `lease()` and `if()`, and not on the library's own `lock()`, which keeps the revision to itself: the revision of the
 * transaction that made the key is the fencing token.
 */
import { CLIENT_LIBRARIES, loadClientLibrary } from "../../clients/client-library.ts";
import type { Etcd3Module } from "../../clients/etcd3.ts";
import type { LockAdapter } from "../adapter.ts";

const LIBRARY = CLIENT_LIBRARIES.etcd;

export const etcd: LockAdapter = {
  name: `${LIBRARY.name}@${LIBRARY.version}`,
  systems: ["etcd"],
  minTtlMs: 1_000,
  open({ endpoints, clientId }) {
    const { Etcd3 } = loadClientLibrary(LIBRARY) as Etcd3Module;
    const client = new Etcd3({ hosts: endpoints.map(({ host, port }) => `http://${host}:${port}`) });
    return {
      async acquire(key, ttlMs) {
        const lease = client.lease(Math.ceil(ttlMs / 1_000));
        const lost = new AbortController();
        lease.on("lost", (error) => lost.abort(error));
        try {
          const id = await lease.grant();
          const put = client.put(key).value(clientId).lease(id);
          const { succeeded, header } = await client.if(key, "Create", "==", 0).then(put).commit();
          if (succeeded) return { release: () => lease.revoke(), token: header.revision, signal: lost.signal };
          await lease.revoke();
          return null;
        } catch (error) {
          // Should the key be there, it goes with the lease.
          lease.release();
          throw error;
        }
      },
      close: () => Promise.resolve(client.close()),
    };
  },
};
