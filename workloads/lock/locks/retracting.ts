/**
 * The simple lock, which takes back a request that it has given up: it may still be on its way to the server, and
 * nobody would free what it is granted.
 */
import { grantFree, singleServerLock } from "./single-server.ts";

export const retracting = singleServerLock("retracting", { grant: grantFree, retracts: true });
