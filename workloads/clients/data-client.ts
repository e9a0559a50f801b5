/** The contract of a client that sends commands on keys and knows which node answered. */
export interface Answer {
  readonly reply: unknown;
  /** Name of the node that answered. */
  readonly node: string | undefined;
}

export interface DataClient {
  /**
   * Sends one command for one key. An error has the name of the node that was asked as its `node`, where that is known.
   */
  call(key: string, command: string, ...args: readonly (string | number)[]): Promise<Answer>;
  /**
   * After an unknown outcome a process never acts again: the next one starts with connections and knowledge of its own.
   */
  renew(): Promise<void>;
  close(): void;
}
