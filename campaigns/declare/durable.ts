/** Configuration of a server that has on disk whatever it acknowledged, so that a kill loses nothing. */
export const DURABLE: readonly string[] = ["appendonly yes", "appendfsync always"];
