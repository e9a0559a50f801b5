/** Numbers as people read them. Times inside the page are microseconds since the start of the run. */

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });

/** `12,345` */
export function formatNumber(value: number): string {
  return GROUPED.format(value);
}

/** A moment of the run in milliseconds, to a thousandth: `12,345.678`. */
export function formatMoment(us: number): string {
  return (us / 1000).toLocaleString("en-US", { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/** A length of time with the unit that suits it: `640 µs`, `12.4 ms`, `3.21 s`, `4 min 10 s`. */
export function formatLength(us: number): string {
  if (us < 0) return `−${formatLength(-us)}`;
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 100_000) return `${trim(us / 1000, 2)} ms`;
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  if (us < 60_000_000) return `${trim(us / 1_000_000, 2)} s`;
  const seconds = Math.round(us / 1_000_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** Nanoseconds of the history as microseconds of the page. */
export function microseconds(ns: number): number {
  return ns / 1000;
}

/**
 * A distance between two moments of one story, always in milliseconds so that neighbours can be compared: `+3,002.9
 * ms`.
 */
export function formatOffset(us: number): string {
  const digits = us < 10_000 ? 2 : 1;
  return `+${(us / 1000).toLocaleString("en-US", { maximumFractionDigits: digits })} ms`;
}

/** `1 run`, `3 runs`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return count === 1 ? `1 ${noun}` : `${formatNumber(count)} ${plural}`;
}
