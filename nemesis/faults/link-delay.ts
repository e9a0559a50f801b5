/** How much later an impairment makes bytes arrive: what its probe measures against. */
import type { Impairment, LinkImpairment, Stream } from "../../network/link.ts";

/** So long, at the least, should a probe's payload take under an impairment that acts on amounts of bytes. */
const WANTED_MS = 200;
/** A shorter delay could be the machine's own. */
const LEAST_MS = 50;
const MOST_BYTES = 1_048_576;
/** Pieces are paused after, so that one or two show nothing. */
const LEAST_PIECES = 3;

type PacedImpairment = Impairment & { kind: "bandwidth" | "slicer" };

/**
 * Bytes that a probe must send to see the impairment act, or undefined when even the most that it would send pass too
 * fast.
 */
export function payloadFor(impairment: PacedImpairment): number | undefined {
  const wanted =
    impairment.kind === "bandwidth"
      ? impairment.rateKBps * WANTED_MS
      : Math.max(LEAST_PIECES, Math.ceil((WANTED_MS * 1_000) / impairment.delayUs) + 1) * longestPiece(impairment);
  const bytes = Math.min(wanted, MOST_BYTES);
  return leastPacingMs(impairment, bytes) >= LEAST_MS ? bytes : undefined;
}

/**
 * The least that `bytes` bytes are late in one direction, with everything in `active` on it, in milliseconds. Latencies
 * add up; of those that pace bytes the slowest counts, since they work at the same time.
 */
export function leastDelayMs(active: readonly LinkImpairment[], stream: Stream, bytes: number): number {
  const here = active.filter(({ streams }) => streams.includes(stream)).map(({ impairment }) => impairment);
  const latency = here.map((each) => (each.kind === "latency" ? each.latencyMs - each.jitterMs : 0));
  const pacing = here.map((each) => (isPaced(each) ? leastPacingMs(each, bytes) : 0));
  return (
    Math.max(
      0,
      latency.reduce((sum, each) => sum + each, 0),
    ) + Math.max(0, ...pacing)
  );
}

/** How long it is worth to wait for `bytes` bytes to go and come back under everything in `active`, in milliseconds. */
export function patienceMs(active: readonly LinkImpairment[], bytes: number, ownMs: number): number {
  const late = active.map(({ impairment }) => {
    if (impairment.kind === "latency") return 2 * (impairment.latencyMs + impairment.jitterMs);
    if (impairment.kind === "slow-close") return 2 * impairment.delayMs;
    if (impairment.kind === "bandwidth") return 4 * leastPacingMs(impairment, bytes);
    // A piece is never shorter than one byte, and rarely shorter than a fourth of the longest.
    if (impairment.kind === "slicer")
      return 2 * (8 * (bytes / longestPiece(impairment)) + 8) * (impairment.delayUs / 1_000);
    return 0;
  });
  return ownMs + late.reduce((sum, each) => sum + each, 0);
}

function isPaced(impairment: Impairment): impairment is PacedImpairment {
  return impairment.kind === "bandwidth" || impairment.kind === "slicer";
}

function leastPacingMs(impairment: PacedImpairment, bytes: number): number {
  if (impairment.kind === "bandwidth") return bytes / impairment.rateKBps;
  const pieces = Math.ceil(bytes / longestPiece(impairment));
  return Math.max(0, pieces - 1) * (impairment.delayUs / 1_000);
}

function longestPiece({ averageBytes, variationBytes }: Impairment & { kind: "slicer" }): number {
  return averageBytes + variationBytes;
}
