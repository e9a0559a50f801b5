/** The part of `docs/reference.md` that is about checkers. */
import { FAMILIES } from "../checkers/claims-of-analyses.ts";
import { BUDGET } from "../checkers/kit/budget.ts";
import type { ConsistencyChecker } from "../checkers/kit/consistency-checker.ts";
import { CHECKERS } from "../checkers/registry.ts";
import { markdownTable } from "../report/markdown.ts";
import { optionRows, optionsTable } from "./options-table.ts";

export function checkersSection(): string[] {
  const families = new Set<string>(FAMILIES.map(({ name }) => name));
  return [
    "## Checkers",
    "A claim of a campaign names a checker and gives it these options. What each finds is in [checkers.md](checkers.md).",
    ...[...CHECKERS.values()].flatMap(({ name, options }) => [
      `### \`${name}\``,
      ...(families.has(name) ? ["The options of the model ([below](#models)), and:"] : []),
      ...optionsTable(options),
    ]),
    "## Models",
    "`redquake check --model NAME` judges a whole history by one of these; in a claim the checker beside it takes the name\nas its `model`. All of them take `timeMs` and `bytes`: what takes more milliseconds (in a claim 60000 unless it is\ngiven) or needs more memory (1 GiB unless it is given) is `unknown`.",
    markdownTable(
      ["models", "checker", "options"],
      FAMILIES.flatMap(({ name, members }) => modelRows(name, members)),
    ),
  ];
}

/** One row for all models that take the same. */
function modelRows(family: string, members: readonly ConsistencyChecker[]): string[][] {
  return [...Map.groupBy(members, optionsOf)].map(([options, models]) => [
    models.map(({ name }) => `\`${name}\``).join(", "),
    `\`${family}\``,
    options,
  ]);
}

function optionsOf({ options }: ConsistencyChecker): string {
  const [rows = []] = optionRows(options);
  // What is not described is nothing that a plan can give.
  const told = rows
    .filter(({ name, description }) => description !== "" && !(name in BUDGET))
    .map(({ name, type, fallback, description }) => {
      const kind = fallback === "none" ? type : `${type}, ${fallback}`;
      return `\`${name}\` (${kind}): ${description}`;
    });
  return told.join("; ") || "none";
}
