/** Bundling the report's pages: what comes out of it, and what it refuses. */
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageAssets } from "../../report/page-assets.ts";
import { PAGE_SOURCES, bundlePages } from "../../setup/bundle-pages.ts";

let work: string;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "redquake-bundles-"));
});

afterAll(() => rm(work, { recursive: true, force: true }));

async function bundled(name: string, sources?: string): Promise<Record<string, string>> {
  const folder = join(work, name);
  bundlePages(folder, sources);
  const names = (await readdir(folder)).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (file) => [file, await readFile(join(folder, file), "utf8")])),
  ) as Record<string, string>;
}

/** A copy of the pages' sources in which one file has a line more. */
async function edited(name: string, file: string, line: string): Promise<string> {
  const sources = join(work, name);
  await cp(PAGE_SOURCES, sources, { recursive: true });
  await writeFile(join(sources, file), `${await readFile(join(sources, file), "utf8")}\n${line}\n`);
  return sources;
}

describe("the bundled pages", () => {
  it("are classic scripts in strict mode, and one style", async () => {
    const files = await bundled("once");
    expect(Object.keys(files)).toEqual(["report.js", "runs.js", "style.css"]);
    for (const file of ["report.js", "runs.js"]) {
      expect(() => new Script(String(files[file]))).not.toThrow();
      expect(files[file]).toMatch(/^"use strict";/);
    }
  });

  it("are the same bytes each time, and those that a page of a checkout gets", async () => {
    const files = await bundled("again");
    expect(await bundled("and-again")).toEqual(files);
    expect(await pageAssets("report")).toEqual({ script: files["report.js"], style: files["style.css"] });
    expect(await pageAssets("runs")).toEqual({ script: files["runs.js"], style: files["style.css"] });
  });

  it("cannot hold text that would end the script's element", async () => {
    const comment = await edited("comment", "text.js", `console.log("<!-- not the end");`);
    await expect(bundled("with-comment", comment)).rejects.toThrow(/report\.js contains <!--/);
    const end = await bundled("with-end", await edited("end", "text.js", `console.log("</script>");`));
    expect(end["report.js"]).toContain(`"<\\/script>"`);
  });

  it("cannot be made of sources that are wrong", async () => {
    const sources = await edited("wrong", "text.js", `import { nothing } from "./nowhere.js"; nothing();`);
    await expect(bundled("from-wrong", sources)).rejects.toThrow(/nowhere\.js/);
  });
});
