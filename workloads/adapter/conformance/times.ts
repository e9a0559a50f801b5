/** How long calls and checks may take, in milliseconds. */

/** What a call may take. */
export const DEADLINE_MS = 5_000;
export const LEAK_PATIENCE_MS = 2_000;
