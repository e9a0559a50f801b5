/** The languages that servers speak, and what makes any of them say something: the least that a client can ask. */

export type Protocol = "redis" | "etcd" | "zookeeper";

/**
 * What is sent on a new connection. A server that serves answers at once, whatever the answer is: PONG; etcd's version
 * over plain HTTP/1.1 (https://etcd.io/docs/v3.4/op-guide/monitoring/); `imok`
 * (https://zookeeper.apache.org/doc/r3.8.0/zookeeperAdmin.html#sc_zkCommands).
 */
export const QUESTIONS: Readonly<Record<Protocol, string>> = {
  redis: "PING\r\n",
  etcd: "GET /version HTTP/1.1\r\nHost: etcd\r\nConnection: close\r\n\r\n",
  zookeeper: "ruok",
};

/** The first line of the answer of a server that is ready for clients. */
export const WELCOMES: Readonly<Record<Protocol, string>> = {
  redis: "+PONG",
  etcd: "HTTP/1.1 200 OK",
  zookeeper: "imok",
};
