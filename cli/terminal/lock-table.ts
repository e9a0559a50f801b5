/**
 * Locks × campaigns for a terminal: a row for each campaign, a column for each lock, in as many blocks as the width
 * asks for.
 */
import Table from "cli-table3";
import type { LockMatrix, LockRun } from "../../report/locks/lock-matrix.ts";
import { legendOf } from "../../report/locks/lock-matrix.ts";
import { NOT_APPLICABLE } from "../../report/claim-words.ts";
import type { Colors } from "./colors.ts";
import { paint } from "./colors.ts";
import { NO_LINES } from "./table-lines.ts";

const GAP = 2;
/** Room for `broken: grant,` */
const COLUMN = 18;

/** @param width how many columns the reader's terminal has */
export function lockTable(matrix: LockMatrix<LockRun>, width: number, colors: Colors): string {
  const first = Math.max("campaign".length, ...matrix.campaigns.map(({ length }) => length)) + GAP;
  const columns = Math.max(1, Math.floor((width - first) / COLUMN));
  const blocks: string[] = [];
  for (let from = 0; from < matrix.locks.length; from += columns)
    blocks.push(block(matrix, matrix.locks.slice(from, from + columns), first, colors));
  const legend = legendOf(matrix);
  return [...blocks, ...(legend === undefined ? [] : [colors.dim(legend)])].join("\n\n");
}

function block(matrix: LockMatrix<LockRun>, locks: readonly string[], first: number, colors: Colors): string {
  const table = new Table({
    head: ["campaign", ...locks.map(folded)].map(colors.dim),
    colWidths: [first, ...locks.map(() => COLUMN)],
    wordWrap: true,
    wrapOnWordBoundary: false,
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
  });
  for (const campaign of matrix.campaigns) {
    const cells = locks.map((lock) => matrix.cell(lock, campaign));
    if (cells.every((cell) => cell === undefined)) continue;
    table.push([
      colors.bold(campaign),
      ...cells.map((cell) =>
        cell === undefined ? colors.dim(NOT_APPLICABLE) : paint(colors, cell.tone)(wrapped(cell.words)),
      ),
    ]);
  }
  return table.toString().replaceAll(/[ \t]+$/gm, "");
}

/** Between words: names are broken anywhere by the table, but words are not to be. */
function wrapped(words: string): string {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= COLUMN - GAP) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** Names are too long for a column: the package, which of its locks, and the version stand below each other. */
function folded(lock: string): string {
  return lock.replaceAll(/(?<=.)(?=[/@])/g, "\n");
}
