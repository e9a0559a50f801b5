/** How long calls and checks may take, in milliseconds. */

/** What a call may take. */
export const DEADLINE_MS = 5_000;
/** A busy machine takes its time to close connections. */
export const LEAK_PATIENCE_MS = 10_000;
