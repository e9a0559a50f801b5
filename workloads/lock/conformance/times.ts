/** How long locks and checks may take, in milliseconds. */

/**
 * Long enough that nothing expires by itself on a busy machine; and no whole number of seconds, so that rounding shows.
 */
export const LONG_MS = 20_500;
export const SHORT_MS = 1_200;
/** How long somebody who must not get the lock asks for it. */
export const REFUSAL_MS = 300;
/** How long a release is waited for when one before it has not settled. */
export const HANGS_AGAIN_MS = 200;
export const RETRY_MS = 20;
