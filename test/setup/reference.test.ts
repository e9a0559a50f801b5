/** The page that is made from the declarations. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { REFERENCE_FILE, referencePage } from "../../setup/reference.ts";

it("docs/reference.md is what `npm run docs` writes", () => {
  expect(readFileSync(REFERENCE_FILE, "utf8")).toBe(referencePage());
});

it("docs/reference.md describes every option", () => {
  const rows = referencePage().match(/^\| `\w+` \| .*\|$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});

it("docs/reference.md has every campaign", () => {
  for (const { name } of campaigns) expect(referencePage()).toContain(`\`${name}\`: `);
});
