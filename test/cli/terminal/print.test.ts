/** The border to the terminal: what is printed, and by whom. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { oneLine, onOneLine, terminalText } from "../../../cli/terminal/terminal-text.ts";
import { visibleJson } from "../../../history/visible.ts";
import { packageRoot } from "../../../machine/package-root.ts";

/** Those that write to a terminal: the border itself, two that draw on it, and a document that is no line. */
const WRITERS = ["live-display", "print", "progress-line", "say", "write-out"].map((name) => `terminal/${name}.ts`);

/** What `redquake/run` and the other entry points load into their user's process. */
const LIBRARY =
  "campaigns checkers history hosts machine matchers nemesis network report runner session store systems".split(" ");

/** Entries of processes of their own. */
const PROGRAMS = new Set(["hosts/packets/inside.ts", "network/toxiproxy/main.ts", "runner/worker/main.ts"]);

const WRITING = /console\.(?:log|error|warn)\(|process\.std(?:out|err)\.write\(/;

describe("the border to the terminal", () => {
  it("is the only way out of the command line", () => {
    const writers = readdirSync(join(packageRoot, "cli"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .filter((file) => WRITING.test(readFileSync(join(packageRoot, "cli", file), "utf8")));
    expect(writers.length).toBeGreaterThan(0);
    expect(writers.filter((file) => !WRITERS.includes(file))).toEqual([]);
  });

  it("is crossed by nothing that a library loads", () => {
    const writers = LIBRARY.flatMap((folder) =>
      readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
        .map((file) => join(folder, file))
        .filter((file) => file.endsWith(".ts") && !PROGRAMS.has(file))
        .filter((file) => WRITING.test(readFileSync(join(packageRoot, file), "utf8"))),
    );
    expect(writers).toEqual([]);
  });

  it("shows what cannot be seen, and keeps lines and tabs", () => {
    expect(terminalText("a\u001b[2J\u0007\u009b\u202eb\r\n\tc", { isTTY: false })).toBe(
      "a\u241b[2J\u2407[U+009B][U+202E]b\u240d\n\tc",
    );
  });

  it("shows a text on one line, cut where it is too long", () => {
    expect(oneLine("a\n  b\tc\u2028")).toBe("a\u240a  b\u2409c[U+2028]");
    expect(oneLine("x".repeat(1_000_000))).toMatch(/^x{4000}… \(1000000 characters\)$/);
    expect(onOneLine({ a: ["\n", 1, null], b: { "\n": true } })).toEqual({
      a: ["\u240a", 1, null],
      b: { "\u240a": true },
    });
  });

  it("prints JSON that means the same", () => {
    const value = { "\u202e": "\u001b\u007f\u009b\n\u2066" };
    const json = visibleJson(value);
    expect(json).toMatch(/^[\u0020-\u007e]+$/);
    expect(JSON.parse(json)).toEqual(value);
  });
});
