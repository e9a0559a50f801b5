/** From the kind of a node to what a host must know of it. */
import type { NodeSpec } from "../host.ts";
import { etcd } from "./etcd.ts";
import { redis, sentinel } from "./redis.ts";
import type { ServerKind } from "./server-kind.ts";
import { zookeeper } from "./zookeeper.ts";

export const SERVER_KINDS: Readonly<Record<NodeSpec["kind"], ServerKind>> = { redis, sentinel, etcd, zookeeper };
