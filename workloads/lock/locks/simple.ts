/** The simple lock on one server: `SET key value NX PX ttl`. */
import { grantFree, singleServerLock } from "./single-server.ts";

export const simple = singleServerLock("simple", { grant: grantFree });
