/** `redquake init`: what was written into the user's project, and what to do next. */
import { commandName, shownPath, userPath } from "../../../machine/user-folder.ts";
import { EXIT } from "../../../session/exit-code.ts";
import type { TemplateName } from "../../../session/init/adapter-templates.ts";
import { ADAPTER_TEMPLATES } from "../../../session/init/adapter-templates.ts";
import { initProject } from "../../../session/init/init-project.ts";
import { print } from "../../terminal/print.ts";

export interface InitFlags {
  readonly template: TemplateName;
}

/** Returns the exit code. @throws what `initProject` throws. */
export function initAction(named: string, { template }: InitFlags): number {
  const packages = initProject(userPath(named), template, (written, what) =>
    print(`wrote ${shownPath(written)}: ${what}`),
  );
  const install = packages.length === 0 ? "" : `npm install ${packages.join(" ")}, then `;
  const redquake = commandName();
  const { file } = ADAPTER_TEMPLATES[template];
  print(`next: ${install}${redquake} adapter-test ./${file}, then ${redquake} campaigns --adapter ./${file}`);
  return EXIT.wellDone;
}
