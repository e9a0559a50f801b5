import { ownClient } from "./own-client.ts";

/**
 * Sends everything once, waits for two seconds, and says what it knows; after an answer that never came, and where a
 * server says that it is not the primary, it looks for the server anew.
 */
export const raw = ownClient("raw");
