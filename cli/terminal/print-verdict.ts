/** What `check` says of a history file to people. */
import type { FileVerdict } from "../../session/judge/check-file.ts";
import { colorsFor, paint } from "./colors.ts";
import { print } from "./print.ts";
import { oneLine, onOneLine } from "./terminal-text.ts";
import { witnessTable } from "../../report/witness-table.ts";

const SHOWN_OF_EACH = 3;

export function printVerdict(outcome: FileVerdict): void {
  const colors = colorsFor(process.stdout);
  const { verdict, reason, operations, algorithm, anomalies, counts, not, witness, columns } = outcome;
  const file = oneLine(outcome.file);
  const milliseconds = Math.round(outcome.milliseconds);
  const tone = verdict === "holds" ? "good" : verdict === "broken" ? "bad" : "doubtful";
  print(
    `${file}: ${paint(colors, tone)(verdict)}: ${oneLine(reason)} (${operations} operations, ${milliseconds} ms, ${algorithm})`,
  );
  for (const [name, found] of Object.entries(anomalies)) {
    const count = counts[name] ?? found.length;
    print(`  ${colors.bold(oneLine(name))}${count > 1 ? ` (${count} in all)` : ""}`);
    for (const { sentence } of found.slice(0, SHOWN_OF_EACH))
      // It has been said already where it is the whole reason.
      if (sentence !== reason) for (const line of sentence.split("\n")) print(`    ${oneLine(line)}`);
  }
  if (not.length > 0) print(`  not ${onOneLine(not).join(", ")}`);
  if (witness.length > 0) for (const line of witnessTable(columns, witness)) print(`    ${colors.dim(oneLine(line))}`);
}
