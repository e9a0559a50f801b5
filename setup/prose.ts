/**
 * Whether comments and pages wrap at 120 columns and keep the rules of plain English that a pattern can find. No
 * formatter looks after either. Ends with 1 where one does not.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../machine/package-root.ts";

const WIDTH = 120;
const NOT_OURS = new Set([".cache", ".git", "dist", "node_modules", "results"]);

/** Pages that are written by programs: their sentences come from campaigns, runs and docstrings. */
const GENERATED = /^docs\/(?:lock-libraries\.md|track-record\.md|api\/)/;

const COMMENT = /^\s*(?:\*|\/\*|\/\/)/;
/** Tables, code in its own lines, pictures, headings and quotations cannot be wrapped. */
const WHOLE = /^\s*(?:\||<|!\[|#|>)/;
/** What stands before the words of a comment or of an item. */
const MARKS = /^\s*(?:\/\*\*?|\*|\/\/|[-*+]|\d+\.)?\s*/;
const FENCE = /^\s*(?:```|~~~)/;

function files(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? files(path) : [path];
    });
}

/** What a reader stumbles over: sentences that begin with "Of", and clauses that hang on "of which" or "whoever". */
const STUMBLES = /(?:^|[.:] )Of (?!course)|\b(?:of which|of whom|[Ww]hoever|to be had)\b/;
/** The same in what redquake says: a text between quotation marks or backticks. */
const SAID = /["'`](?:[^"'`]*[.:] )?Of (?!course)|\b(?:[Ww]hoever|to be had|of which|of whom)\b/;
/** These name what they refuse. */
const ABOUT_WORDS = new Set(["setup/prose.ts", "CHANGELOG.md"]);

function problemsOf(file: string): string[] {
  const lines = readFileSync(join(packageRoot, file), "utf8").split("\n");
  let inCode = false;
  return lines.flatMap((line, i) => {
    if (file.endsWith(".md")) {
      if (FENCE.test(line)) inCode = !inCode;
      if (inCode) return [];
    } else if (!COMMENT.test(line)) {
      const said = ABOUT_WORDS.has(file) ? undefined : SAID.exec(line)?.[0].trim();
      return said === undefined ? [] : [`${file}:${i + 1}: say it without ${JSON.stringify(said)}`];
    }
    const words = line.replace(MARKS, "");
    // One long word, such as an address, cannot be wrapped.
    const isLong = line.length > WIDTH && /\s/.test(words) && !(file.endsWith(".md") && WHOLE.test(line));
    const stumble = ABOUT_WORDS.has(file) ? undefined : STUMBLES.exec(words)?.[0].trim();
    return [
      ...(isLong ? [`${file}:${i + 1}: longer than ${WIDTH} columns`] : []),
      ...(stumble === undefined ? [] : [`${file}:${i + 1}: say it without ${JSON.stringify(stumble)}`]),
    ];
  });
}

const found = files("")
  .filter((file) => /\.(?:ts|js|md)$/.test(file) && !GENERATED.test(file))
  .flatMap(problemsOf);
for (const problem of found) console.log(problem);
process.exitCode = found.length === 0 ? 0 : 1;
