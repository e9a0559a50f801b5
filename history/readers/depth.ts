/**
 * How deep a text of JSON is nested, found out before it is parsed: a parser takes long over what is deep, and code
 * that descends into it exhausts its stack.
 */
import { MOST_DEPTH } from "../limits.ts";

const QUOTE = 0x22;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What it says about a text that is not JSON does not matter. */
export function isTooDeep(json: string, most = MOST_DEPTH): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i += 1) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) inText = !inText;
    else if (inText) {
      if (code === BACKSLASH) i += 1;
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > most) return true;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      depth -= 1;
    }
  }
  return false;
}
