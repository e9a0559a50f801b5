/**
 * JavaScript of the sources, by esbuild. A program starts in half the time: Node.js has a few files to find and to read
 * instead of hundreds, and no types to remove.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { packageRoot } from "../machine/package-root.ts";
import { bundlePages } from "./bundle-pages.ts";

/** What is started by its file name, as a process or as a thread. */
const PROGRAMS = [
  "cli/main.ts",
  "hosts/packets/inside.ts",
  "network/toxiproxy/main.ts",
  "runner/errand/main.ts",
  "runner/run-process/main.ts",
  "runner/worker/main.ts",
  "session/judge/key-thread.ts",
];

/** vitest must be the copy that runs the tests; testcontainers reads files beside its own modules. */
const NEVER_INCLUDED = ["testcontainers", "vitest"];

/** CommonJS packages that are included in an ES module still ask for Node.js's modules with `require`. */
const REQUIRE = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`;

/**
 * Writes the programs and what the package publishes, each where its source is in the checkout, and the report's pages.
 * Programs and published modules come out of one build: what two of them use is one module, so a process that loads
 * both has one registry of each kind and one class of each error.
 * @param packages whether what redquake depends on is included, or stays in `node_modules`
 * @returns the files that went into it, absolute.
 * @throws Error when a source is wrong.
 */
export function compile(folder: string, packages: "included" | "external"): readonly string[] {
  const { metafile } = buildSync({
    absWorkingDir: packageRoot,
    entryPoints: [...PROGRAMS, ...publishedModules()],
    outdir: folder,
    outbase: packageRoot,
    chunkNames: "parts/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    charset: "utf8",
    ...(packages === "external" ? { packages } : { external: NEVER_INCLUDED, banner: { js: REQUIRE } }),
    sourcemap: true,
    sourcesContent: false,
    legalComments: "none",
    metafile: true,
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs).map((file) => resolve(packageRoot, file));
  return [...inputs, ...bundlePages(join(folder, "report/page"))];
}

/** The sources of what `package.json` names in `exports`. */
function publishedModules(): string[] {
  const { exports } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, { readonly default: string }>>;
  };
  return Object.values(exports).map((entry) => entry.default.replace("/dist/", "/").replace(/\.js$/, ".ts"));
}
