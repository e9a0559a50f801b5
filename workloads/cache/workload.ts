/**
 * The cache workload: writers whose versions only rise, users of copies of what is written, and a reader of the store
 * itself.
 */
import type { Workload } from "../role.ts";
import { reader } from "./reader.ts";
import { user } from "./user.ts";
import { writer } from "./writer.ts";

export const cacheWorkload = { name: "cache", roles: { writer, user, reader } } as const satisfies Workload;
