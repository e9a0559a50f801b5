/** Data goes to standard output. */
import { visibleJson } from "../../history/visible.ts";
import { terminalText } from "./terminal-text.ts";

/** Lines for people. */
export function print(text = ""): void {
  process.stdout.write(`${terminalText(text, process.stdout)}\n`);
}

/** One line for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}
