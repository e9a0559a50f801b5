import { terminalText } from "./terminal-text.ts";

/** Everything that is not data goes to standard error. */
export function say(line: string): void {
  process.stderr.write(`${terminalText(line, process.stderr)}\n`);
}
