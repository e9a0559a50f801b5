/** The error of an `acquire` that failed because its library said that another client has the lock. */
export const HELD_BY_ANOTHER = "held by another client";
