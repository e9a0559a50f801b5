/** `redquake doctor`: what this machine can do, and what is missing for the rest. */
import type { Finding } from "../../../runner/equipment/survey.ts";
import { survey } from "../../../runner/equipment/survey.ts";
import type { Colors } from "../../terminal/colors.ts";
import { colorsFor, paint } from "../../terminal/colors.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { print, printJson } from "../../terminal/print.ts";
import { userPath } from "../../../machine/user-folder.ts";

export interface DoctorFlags {
  readonly results: string;
  readonly json?: true;
}

const MARKS = { yes: "✓", no: "✗", note: "–" } as const;
const TONES = { yes: "good", no: "bad", note: "doubtful" } as const;

/** Resolves with the exit code. */
export async function doctorAction(flags: DoctorFlags): Promise<number> {
  const { findings, hosts } = await survey(userPath(flags.results));
  if (flags.json === true) printJson({ hosts, findings });
  else {
    const colors = colorsFor(process.stdout);
    for (const finding of findings) print(describe(finding, colors));
    print(hosts.length === 0 ? "Campaigns cannot run here." : `Campaigns can run here: --host ${hosts.join(" or ")}.`);
  }
  return hosts.length === 0 ? EXIT.undecided : EXIT.wellDone;
}

function describe({ topic, state, text, remedy }: Finding, colors: Colors): string {
  const mark = paint(colors, TONES[state])(MARKS[state]);
  return `${mark} ${colors.bold(topic)}: ${text}${remedy === undefined ? "" : ` → ${remedy}`}`;
}
