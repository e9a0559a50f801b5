/** What every command is made with. */
import type { Command } from "commander";

/** Told the exit code of a command. */
export type Ended = (code: number) => void;

/** Adds one command: its options, its help, and what loads the doing of it. */
export type AddCommand = (program: Command, ended: Ended) => void;

/** The end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}
