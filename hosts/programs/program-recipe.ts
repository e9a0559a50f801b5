/** Where the program of a comparator can come from. */
import type { ServerProgram } from "../process/process-host.ts";

/** A program that said its version, or why there is none, as the end of a sentence about it. */
export type FoundProgram = Omit<ServerProgram, "origin"> | { readonly problem: string };

export interface ProgramRecipe {
  /** What is installed on this machine. */
  installed(path: string): Promise<FoundProgram>;
  /** What is in a folder of unpacked packages. */
  unpacked(folder: string, path: string): Promise<FoundProgram>;
  /** The packages of Debian and Ubuntu to unpack. */
  packages(path: string): readonly string[];
  /** What a person can do. */
  readonly remedy: string;
}
