/**
 * Text of a stored run, of a server or of a library, made fit for a reader: what cannot be seen and could mislead
 * becomes something that can.
 */

/** Control characters but tab and line feed, which have pictures of their own. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f]/g;
/** C1 controls, marks and changes of writing direction, separators of lines, and what is no character. */
const MARKS = /[\u0080-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/g;
const FIRST_PICTURE = 0x2400;

/**
 * Control characters become their pictures (NUL is U+2400), line separators and changes of writing direction
 * `[U+202E]`, lone surrogates U+FFFD. Tabs and line feeds stay.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(CONTROLS, (character) => String.fromCharCode(FIRST_PICTURE + character.charCodeAt(0)))
    .replace(/\u007f/g, "\u2421")
    .replace(MARKS, (character) => `[U+${hexadecimal(character)}]`);
}

/**
 * The same on one line: tabs and line feeds become pictures too, so that no text can pass for lines of its reader's
 * own.
 */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\u240a").replaceAll("\t", "\u2409");
}

/** Whether `visibleLine` would change anything. */
export function isPlainLine(text: string): boolean {
  return visibleLine(text) === text;
}

/** JSON of the value in which all such characters are escaped as JSON has it: it means the same and can be printed. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/\u007f/g, escaped)
    .replace(MARKS, escaped);
}

function escaped(character: string): string {
  return `\\u${hexadecimal(character).toLowerCase()}`;
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
}
