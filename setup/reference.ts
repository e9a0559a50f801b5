/** `docs/reference.md`, from the declarations themselves. `npm run docs` writes it; a test fails where it is stale. */
import { join } from "node:path";
import { campaigns } from "../campaigns/index.ts";
import type { Claim, Plan } from "../history/plan.ts";
import type { OperationSchema, Vocabulary } from "../history/vocabulary/operation-values.ts";
import { VOCABULARIES } from "../history/vocabulary/vocabularies.ts";
import { packageRoot } from "../machine/package-root.ts";
import { optionNames, requiredOptions } from "../nemesis/fault-options.ts";
import { FAULT_KINDS, faultKind } from "../nemesis/registry.ts";
import { markdownTable } from "../report/markdown.ts";
import { SYSTEM_OPTIONS } from "../systems/registry.ts";
import { WORKLOADS } from "../workloads/registry.ts";
import { optionsTable } from "./options-table.ts";
import { checkersSection } from "./reference-checkers.ts";
import { valueInWords } from "./value-shapes.ts";

export const REFERENCE_FILE = join(packageRoot, "docs/reference.md");

/** What a campaign is made of does not depend on the seed. */
const SEED = 1;

export function referencePage(): string {
  return `${[
    "# Reference",
    "Every campaign, workload, fault, system and checker, with what each takes and records. This page is made by\n`npm run docs` from the declarations themselves.",
    "## Campaigns",
    "`redquake campaigns NAME` runs one. A *promised* claim must hold; a *hoped* one is often believed, and nobody promises\nit. What is in parentheses is what the campaign is built to show.",
    markdownTable(
      ["campaign", "suite", "system", "faults", "promised", "hoped"],
      campaigns.map((campaign) => campaignRow(campaign.suite, campaign.plan(SEED))),
    ),
    "## Workloads",
    "A plan's `options` are those of all its workers; each role takes its own. A worker of another workload has the role\n`workload:role`.",
    ...[...WORKLOADS.values()].flatMap(({ name, roles }) =>
      Object.entries(roles).flatMap(([role, { options, barriers, events }]) => [
        `### \`${name}\`: \`${role}\``,
        `It records ${events.map((event) => `\`${event}\``).join(", ")}.`,
        ...optionsTable(options),
        ...(Object.keys(barriers).length === 0
          ? []
          : [
              markdownTable(
                ["barrier", "where it is"],
                Object.entries(barriers).map(([point, where]) => [`\`${point}\``, where]),
              ),
            ]),
      ]),
    ),
    "## Values of events",
    "What each workload records, and nothing else; what it means is in [history.md](history.md). A name with `?` may be\nabsent. An `info` has the value of its `invoke`, and so has a `fail`, unless the last column has another.",
    ...Object.entries<Vocabulary>(VOCABULARIES).flatMap(([workload, words]) => [
      `### What \`${workload}\` records`,
      markdownTable(["f", "`invoke`, `fail` and `info`", "`ok`", "other `fail`"], Object.entries(words).map(valuesRow)),
    ]),
    "## Faults",
    "What each does, and the probe that sees it act, is in [campaigns.md](campaigns.md#faults). Every fault takes a `seed`\nfor what it draws.",
    markdownTable(
      ["fault", "options that must be given", "other options"],
      FAULT_KINDS.map((name) => faultRow(name)),
    ),
    "## Systems",
    ...Object.entries(SYSTEM_OPTIONS).flatMap(([kind, options]) => [`### \`${kind}\``, ...optionsTable(options)]),
    ...checkersSection(),
  ].join("\n\n")}\n`;
}

function campaignRow(suite: string, plan: Plan): string[] {
  const kinds = [...new Set(plan.faults.map(({ kind }) => `\`${kind}\``))];
  const claims = (standing: Claim["standing"]): string =>
    plan.claims
      .filter((claim) => claim.standing === standing)
      .map(({ id, expect }) => `${id} (${expect ?? "open"})`)
      .join("; ");
  return [
    `\`${plan.campaign}\`: ${plan.title}`,
    suite,
    plan.system.kind,
    kinds.length === 0 ? "none" : kinds.join(", "),
    claims("promised"),
    claims("hoped"),
  ];
}

function valuesRow([f, { invoke, ok, fail }]: [string, OperationSchema]): string[] {
  const refused = fail === undefined ? "none" : `\`${valueInWords(fail)}\``;
  return [`\`${f}\``, `\`${valueInWords(invoke)}\``, `\`${valueInWords(ok)}\``, refused];
}

function faultRow(name: string): string[] {
  const { options } = faultKind(name);
  const required = requiredOptions(options);
  const told = (names: readonly string[]): string => names.map((each) => `\`${each}\``).join(", ") || "none";
  return [`\`${name}\``, told(required), told(optionNames(options).filter((each) => !required.includes(each)))];
}
