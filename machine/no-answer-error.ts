/**
 * A server did not answer: it is down, stopped, cut off or too slow. The message says who it is and what it was asked.
 */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}
