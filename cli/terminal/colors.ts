/**
 * Colours for one stream: only where a person looks, unless NO_COLOR or FORCE_COLOR says otherwise
 * (https://no-color.org).
 */
import picocolors from "picocolors";
import type { Tone } from "../../report/claim-words.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

export function colorsFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Colors {
  const asked = (name: string): boolean => (environment[name] ?? "") !== "";
  const forced = asked("FORCE_COLOR") && environment["FORCE_COLOR"] !== "0";
  const wanted = stream.isTTY === true && environment["TERM"] !== "dumb" && environment["FORCE_COLOR"] !== "0";
  return picocolors.createColors(!asked("NO_COLOR") && (forced || wanted));
}

export function paint(colors: Colors, tone: Tone): (text: string) => string {
  switch (tone) {
    case "good":
      return colors.green;
    case "bad":
      return (text) => colors.bold(colors.red(text));
    case "doubtful":
      return colors.yellow;
    case "shown":
      return colors.cyan;
    case "quiet":
      return colors.dim;
  }
}
