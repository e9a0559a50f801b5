/**
 * The words of the text form of schedules, and when a name must stand in quotes so as not to be taken for one of them.
 */

/** Milliseconds of each unit. */
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `500ms`, `1.5s`, `2m` in milliseconds; undefined when the text is no duration. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) return undefined;
  const unit = match[2] as keyof typeof UNITS;
  const value = Number(match[1]) * UNITS[unit];
  if (!Number.isFinite(value)) return undefined;
  // Binary fractions of a second are not always the milliseconds that were meant.
  return unit === "ms" ? value : Math.round(value);
}

/** The shortest text of a duration that is read as the same. */
export function formatDuration(ms: number): string {
  return ms > 0 && ms % UNITS.s === 0 ? `${ms / UNITS.s}s` : `${ms}ms`;
}

/** The words between a moment's and a fault's names. */
export const KEYWORDS = [
  "after",
  "at",
  "becomes",
  "by",
  "counts",
  "for",
  "from",
  "holding",
  "of",
  "on",
  "reaches",
  "until",
  "when",
  "with",
] as const;

export const EVENT_TYPES = ["invoke", "ok", "fail", "info"] as const;

const RESERVED: ReadonlySet<string> = new Set([
  ...KEYWORDS,
  ...EVENT_TYPES,
  "healed",
  "active",
  "true",
  "false",
  "null",
]);
const PLAIN = /^[A-Za-z0-9][\w./-]*(?::[\w./-]+)*$/;

/** A text as it stands in a schedule: as it is where it can be read back, or in quotes. */
export function formatName(text: string): string {
  return PLAIN.test(text) && !RESERVED.has(text) ? text : JSON.stringify(text);
}
