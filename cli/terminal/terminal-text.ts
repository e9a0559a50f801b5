/**
 * The border between redquake and a terminal: whatever is printed goes through here, so that no text of a stored run, a
 * server or a library can move the cursor, change what was printed before, or turn around the direction of writing.
 */
import { visible, visibleLine } from "../../history/visible.ts";
import { colorsFor } from "./colors.ts";

const COLOR = /(\u001b\[\d+(?:;\d+)*m)/;
/** A longer text in one line helps nobody. */
const MOST_CHARACTERS = 4_000;

/** As it can be printed to this stream. Colours stay where the stream has them. */
export function terminalText(text: string, stream: { readonly isTTY?: boolean }): string {
  if (!colorsFor(stream).isColorSupported) return visible(text);
  return text
    .split(COLOR)
    .map((piece, i) => (i % 2 === 1 ? piece : visible(piece)))
    .join("");
}

/** On one line, so that it cannot pass for a line of redquake's own; what is too long is cut. */
export function oneLine(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}… (${text.length} characters)` : text;
  return visibleLine(cut);
}

/** The same value with every text in it on one line. */
export function onOneLine<T>(value: T): T {
  return mapped(value) as T;
}

function mapped(value: unknown): unknown {
  if (typeof value === "string") return oneLine(value);
  if (Array.isArray(value)) return value.map(mapped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [oneLine(name), mapped(inner)]));
}
