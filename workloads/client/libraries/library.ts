/** The contract of a client library that redquake brings an adapter for. The package itself is npm's, unchanged. */
import type { AdapterLibrary } from "../../adapter/shelf.ts";
import type { ClientAdapter } from "../adapter.ts";

export type ClientPackage = AdapterLibrary<ClientAdapter>;

/** In these no call is open for longer, whatever becomes of its connection. */
export const SAFE_TIMEOUT_MS = 2_000;
/** A connection on which nothing has come or gone for so long is given up. */
export const SAFE_SOCKET_TIMEOUT_MS = 3_000;
