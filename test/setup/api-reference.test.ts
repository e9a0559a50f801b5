/** The API reference, which is made from the docstrings. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { API_FOLDER, writeApiReference } from "../../setup/api-reference.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "redquake-api-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("docs/api is what `npm run docs` writes", async () => {
  await writeApiReference(folder);
  const names = readdirSync(folder).toSorted();
  expect(names).toHaveLength(7);
  expect(readdirSync(API_FOLDER).toSorted()).toEqual(names);
  for (const name of names)
    expect(readFileSync(join(API_FOLDER, name), "utf8"), name).toBe(readFileSync(join(folder, name), "utf8"));
});
