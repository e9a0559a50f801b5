/** The text of a message: its number, and, where it is to be larger, a filling. */

/** @param bytes the size of the whole text, at least */
export function textOf(message: string, bytes: number): string {
  const filling = bytes - message.length - 1;
  return filling > 0 ? `${message} ${"x".repeat(filling)}` : message;
}

/** The message in a text as it arrived, whatever arrived. */
export function messageIn(text: string): string {
  const end = text.indexOf(" ");
  return end === -1 ? text : text.slice(0, end);
}
