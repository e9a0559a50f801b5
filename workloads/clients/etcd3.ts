/** What is used of `etcd3` (https://github.com/microsoft/etcd3). */

export interface Etcd3Module {
  readonly Etcd3: new (options: { readonly hosts: readonly string[] }) => Etcd3;
}

export interface Etcd3 {
  lease(ttlSeconds: number): Lease;
  if(key: string, column: "Create", comparison: "==", value: number): { then(put: PutBuilder): { commit(): Txn } };
  get(key: string): GetBuilder;
  put(key: string): PutBuilder;
  close(): void;
}

type Txn = Promise<{ readonly succeeded: boolean; readonly header: { readonly revision: string } }>;

interface CallOptions {
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

interface GetBuilder {
  options(options: CallOptions): GetBuilder;
  string(): Promise<string | null>;
}

interface PutBuilder {
  value(value: string): PutBuilder;
  lease(id: string): PutBuilder;
  options(options: CallOptions): PutBuilder;
  exec(): Promise<unknown>;
}

/** It keeps itself alive. */
interface Lease {
  grant(): Promise<string>;
  revoke(): Promise<void>;
  /** Keeps itself alive no longer. */
  release(): void;
  on(event: "lost", listener: (error: Error) => void): this;
}
