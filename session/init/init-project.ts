/** A starting point in the user's project: an adapter, npm scripts and a workflow. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UsageError } from "../../machine/usage-error.ts";
import { shownPath } from "../../machine/user-folder.ts";
import type { AdapterTemplate } from "./adapter-template.ts";
import type { TemplateName } from "./adapter-templates.ts";
import { ADAPTER_TEMPLATES } from "./adapter-templates.ts";
import { WORKFLOW_TEMPLATE } from "./workflow-template.ts";

const WORKFLOW = join(".github", "workflows", "redquake.yml");

function scriptsFor(file: string): Readonly<Record<string, string>> {
  return {
    "redquake:check": `redquake adapter-test ./${file}`,
    redquake: `redquake campaigns --adapter ./${file}`,
  };
}

const PACKAGE = z.looseObject({ scripts: z.record(z.string(), z.string()).optional() });

/**
 * @param folder of the project, absolute
 * @param wrote told each file that was written, and what is in it
 * @returns the packages that the adapter needs
 * @throws UsageError when there is no project, or something of it is there already: then nothing is written.
 */
export function initProject(
  folder: string,
  template: TemplateName,
  wrote: (file: string, what: string) => void,
): readonly string[] {
  const manifest = join(folder, "package.json");
  const project = readProject(manifest);
  const { text, when, packages, file: adapterFile }: AdapterTemplate = ADAPTER_TEMPLATES[template];
  const own = scriptsFor(adapterFile);
  const there = [adapterFile, WORKFLOW]
    .map((file) => join(folder, file))
    .filter((file) => existsSync(file))
    .map(shownPath);
  const taken = Object.keys(own)
    .filter((name) => project.scripts?.[name] !== undefined)
    .map((name) => `the script ${JSON.stringify(name)} in ${shownPath(manifest)}`);
  const inTheWay = [...there, ...taken];
  if (inTheWay.length > 0)
    throw new UsageError(
      `nothing was written, as there is already ${inTheWay.join(" and ")}: rename or remove it first`,
    );
  const write = (file: string, text: string, what: string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    wrote(file, what);
  };
  write(join(folder, adapterFile), text, `an adapter (${when}): put your own in it`);
  write(join(folder, WORKFLOW), WORKFLOW_TEMPLATE, "a workflow that runs every night");
  const scripts = { ...project.scripts, ...own };
  write(
    manifest,
    `${JSON.stringify({ ...project, scripts }, null, 2)}\n`,
    `the scripts ${Object.keys(own).join(" and ")}`,
  );
  return packages;
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
