import { grantFree, prolongOwn, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** Its holder believes in an extension that never got to the server. */
export const extensionIgnoresErrors: Specimen = {
  flaw: "its extension takes an error for a yes",
  lock: singleServerLock("extension-ignores-errors", {
    grant: grantFree,
    prolong: (server, key, value, ttlMs) => prolongOwn(server, key, value, ttlMs).catch(() => true),
  }),
};
