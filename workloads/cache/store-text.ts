/** What is written under a key: a text that names the key and a version, so that nobody takes it for another one. */

/** Stands for the key in an adapter's `storeKey`. By itself: the text lies under the key's own name. */
export const KEY_PLACE = "{key}";

const PADDING = ".";

export function storeKeyOf(template: string, key: string): string {
  return template.replaceAll(KEY_PLACE, () => key);
}

/** The text of a version, so long at the least. Versions of a key are numbered from 1. */
export function textOf(key: string, version: number, length = 0): string {
  return `${key}#${version};`.padEnd(length, PADDING);
}

/** The version of a text; undefined where it is no text of that key. */
export function versionOf(key: string, text: string): number | undefined {
  const [, digits] = text.startsWith(`${key}#`) ? (/^([1-9]\d*);\.*$/.exec(text.slice(key.length + 1)) ?? []) : [];
  return digits === undefined ? undefined : Number(digits);
}

/** The version of a text that is part of what a library has put into the store; undefined where there is none. */
export function versionWithin(key: string, stored: string): number | undefined {
  const start = stored.indexOf(`${key}#`);
  const end = stored.indexOf(";", start);
  return start === -1 || end === -1 ? undefined : versionOf(key, stored.slice(start, end + 1));
}
