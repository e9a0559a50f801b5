/** `redquake init`: a starting point in the user's project. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { AdapterTemplate, TemplateName } from "../../../session/init/adapter-templates.ts";
import { ADAPTER_TEMPLATES } from "../../../session/init/adapter-templates.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { print } from "../../terminal/print.ts";
import { UsageError } from "../../../machine/usage-error.ts";
import { commandName, shownPath, userPath } from "../../../machine/user-folder.ts";
import { WORKFLOW_TEMPLATE } from "../../../session/init/workflow-template.ts";

const ADAPTER = "my-lock.ts";
const WORKFLOW = join(".github", "workflows", "redquake.yml");
const SCRIPTS: Readonly<Record<string, string>> = {
  "redquake:check": `redquake adapter-test ./${ADAPTER}`,
  redquake: `redquake campaigns --adapter ./${ADAPTER}`,
};

const PACKAGE = z.looseObject({ scripts: z.record(z.string(), z.string()).optional() });

export interface InitFlags {
  readonly template: TemplateName;
}

/**
 * Writes the adapter, the scripts and the workflow, and says so. Resolves with the exit code.
 * @throws UsageError when there is no project, or something of it is there already: then nothing is written.
 */
export function initAction(named: string, { template }: InitFlags): Promise<number> {
  const folder = userPath(named);
  const manifest = join(folder, "package.json");
  const project = readProject(manifest);
  const there = [ADAPTER, WORKFLOW]
    .map((file) => join(folder, file))
    .filter((file) => existsSync(file))
    .map(shownPath);
  const taken = Object.keys(SCRIPTS)
    .filter((name) => project.scripts?.[name] !== undefined)
    .map((name) => `the script ${JSON.stringify(name)} in ${shownPath(manifest)}`);
  const inTheWay = [...there, ...taken];
  if (inTheWay.length > 0)
    throw new UsageError(
      `nothing was written, as there is already ${inTheWay.join(" and ")}: rename or remove it first`,
    );
  const { text, when, packages }: AdapterTemplate = ADAPTER_TEMPLATES[template];
  write(join(folder, ADAPTER), text, `an adapter (${when}): put your own lock in it`);
  write(join(folder, WORKFLOW), WORKFLOW_TEMPLATE, "a workflow that runs every night");
  const scripts = { ...project.scripts, ...SCRIPTS };
  write(
    manifest,
    `${JSON.stringify({ ...project, scripts }, null, 2)}\n`,
    `the scripts ${Object.keys(SCRIPTS).join(" and ")}`,
  );
  const install = packages.length === 0 ? "" : `npm install ${packages.join(" ")}, then `;
  print(
    `next: ${install}${commandName()} adapter-test ./${ADAPTER}, then ${commandName()} campaigns --adapter ./${ADAPTER}`,
  );
  return Promise.resolve(EXIT.wellDone);
}

function readProject(manifest: string): z.infer<typeof PACKAGE> {
  if (!existsSync(manifest))
    throw new UsageError(
      `there is no ${shownPath(manifest)}: go to your project's folder, or make one with npm init -y`,
    );
  try {
    return PACKAGE.parse(JSON.parse(readFileSync(manifest, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new UsageError(`${shownPath(manifest)} cannot be read: ${why}`);
  }
}

function write(file: string, text: string, what: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  print(`wrote ${shownPath(file)}: ${what}`);
}
