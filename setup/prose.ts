/** Whether comments and pages wrap at 120 columns, which no formatter looks after. Ends with 1 where one does not. */
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
const FENCE = /^\s*(?:```|~~~)/;

function files(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? files(path) : [path];
    });
}

function longLines(file: string): number[] {
  const lines = readFileSync(join(packageRoot, file), "utf8").split("\n");
  let inCode = false;
  return lines.flatMap((line, i) => {
    if (file.endsWith(".md")) {
      if (FENCE.test(line)) inCode = !inCode;
      if (inCode || WHOLE.test(line)) return [];
    } else if (!COMMENT.test(line)) return [];
    // One long word, such as an address, cannot be wrapped.
    const words = line.replace(/^\s*(?:\/\*\*?|\*|\/\/|[-*+]|\d+\.)?\s*/, "");
    return line.length > WIDTH && /\s/.test(words) ? [i + 1] : [];
  });
}

const found = files("")
  .filter((file) => /\.(?:ts|js|md)$/.test(file) && !GENERATED.test(file))
  .flatMap((file) => longLines(file).map((line) => `${file}:${line}`));
for (const place of found) console.log(`${place}: longer than ${WIDTH} columns`);
process.exitCode = found.length === 0 ? 0 : 1;
