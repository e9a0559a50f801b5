/** Values of options, from text. What is wrong with one is said in a sentence that ends with what would be right. */
import { InvalidArgumentError } from "commander";
import { durationMs } from "../../nemesis/schedule/words.ts";
import type { ToxiproxyChoice } from "../../runner/equipment/choose-toxiproxy.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { LARGEST_SEED } from "../../session/plan/seed.ts";
import type { Shard } from "../../session/select/shard-campaigns.ts";
import { toxiproxyChoice } from "../../session/servers/toxiproxy-words.ts";

const LONGEST_DURATION_MS = 876_600 * 3_600_000;

/** `500ms`, `20s`, `1.5m`, `1h` → milliseconds. */
export function parseDuration(text: string): number {
  const exact = durationMs(text);
  if (exact === undefined)
    throw new InvalidArgumentError("A duration is a number with a unit, such as 500ms, 20s or 2m.");
  const milliseconds = Math.round(exact);
  if (milliseconds < 1) throw new InvalidArgumentError("A duration must be longer than nothing, such as 500ms.");
  if (milliseconds > LONGEST_DURATION_MS)
    throw new InvalidArgumentError("A duration must be at most 876600h, which is a hundred years.");
  return milliseconds;
}

export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > LARGEST_SEED) {
    throw new InvalidArgumentError(
      `A seed is a whole number from 0 to ${LARGEST_SEED}; without --seed a new one is drawn.`,
    );
  }
  return seed;
}

/** A whole number from 1. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1, such as 3.");
  return Number(text);
}

/** Faults per second: above nothing, and not more than can be told apart. */
export function parseIntensity(text: string): number {
  const intensity = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || intensity < 0.01 || intensity > 100)
    throw new InvalidArgumentError("It must be a number of faults a second from 0.01 to 100, such as 0.5.");
  return intensity;
}

/** `2/3`: the second of three parts. */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > of) {
    throw new InvalidArgumentError("A shard is i/n with i from 1 to n, such as 1/3 for the first of three parts.");
  }
  return { index, of };
}

/** `embedded`, `http://127.0.0.1:8474`, or an image such as `ghcr.io/shopify/toxiproxy:2.12.0`. */
export function parseToxiproxy(text: string): ToxiproxyChoice {
  try {
    return toxiproxyChoice(text);
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** `http://127.0.0.1:8474` alone: of a server that is not a run's own. */
export function parseToxiproxyUrl(text: string): string {
  const choice = parseToxiproxy(text);
  if (choice.kind === "url") return choice.url;
  throw new InvalidArgumentError("Only a Toxiproxy with a URL can keep what a run left: http://127.0.0.1:8474, say.");
}

/** JSON in an object, so that null can be told from nothing. */
export const parseJson = (text: string): { readonly value: unknown } =>
  jsonIn(text, `JSON, such as 0, null or '"a text"'`);

export function parseJsonObject(text: string): object {
  const wanted = `a JSON object, such as '{"level":"grant"}'`;
  const { value } = jsonIn(text, wanted);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new InvalidArgumentError(`It must be ${wanted}.`);
}

function jsonIn(text: string, wanted: string): { readonly value: unknown } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    throw new InvalidArgumentError(`It must be ${wanted}. ${(error as Error).message}.`);
  }
}
