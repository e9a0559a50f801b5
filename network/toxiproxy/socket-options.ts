/** What both sockets of a connection have in common. */
export const SOCKET_OPTIONS = {
  /** The end of one direction is ours to pass on, when its toxics let it. */
  allowHalfOpen: true,
  /** Pieces made by a slicer must reach the wire one by one; Go, in which the original is written, does the same. */
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 15_000,
  /** Bytes that may wait for a slow reader before the sender is paused. */
  highWaterMark: 256 * 1024,
} as const;
