/**
 * A length of time with the unit that suits it.
 * @param {number} us
 */
export function lengthText(us) {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 100_000) return `${Number((us / 1000).toFixed(2))} ms`;
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  if (us < 60_000_000) return `${Number((us / 1_000_000).toFixed(2))} s`;
  return `${Number((us / 60_000_000).toFixed(2))} min`;
}

/**
 * A moment of the run in milliseconds.
 * @param {number} us
 */
export function momentText(us) {
  return `${(us / 1000).toLocaleString("en-US", { minimumFractionDigits: 3, maximumFractionDigits: 3 })} ms`;
}

/** @param {number} value */
export function numberText(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });
}

/**
 * Makes characters visible that could mislead: control characters and changes of the writing direction.
 * @param {string} text
 */
export function visibleText(text) {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(
      /[\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
      (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
}
