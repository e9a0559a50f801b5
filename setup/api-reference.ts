/** `docs/api/`: the reference of the package's entry points, made by TypeDoc from their docstrings. */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { packageRoot } from "../machine/package-root.ts";

export const API_FOLDER: string = join(packageRoot, "docs/api");

// TypeDoc reads sources with the compiler's JavaScript API, which TypeScript 7 does not have.
registerHooks({
  resolve: (specifier, context, next) => next(specifier === "typescript" ? "typescript-6" : specifier, context),
});

/**
 * Writes one page for each entry point, and a list of them.
 * @param folder emptied first
 * @throws Error when TypeDoc reports anything, such as a link in a docstring that leads nowhere.
 */
export async function writeApiReference(folder: string): Promise<void> {
  const [{ Application, LogLevel }, { load }] = await Promise.all([
    import("typedoc"),
    import("typedoc-plugin-markdown"),
  ]);
  const settings = {
    name: "API reference",
    tsconfig: join(packageRoot, "tsconfig.build.json"),
    basePath: packageRoot,
    entryPoints: entryPoints(),
    plugin: [load],
    outputs: [{ name: "markdown", path: folder }],
    readme: "none",
    // tsc has checked the types already.
    skipErrorChecking: true,
    excludeExternals: true,
    disableSources: true,
    validation: { invalidLink: true, invalidPath: true, rewrittenLink: true, notExported: false, notDocumented: false },
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
    logLevel: LogLevel.Warn,
    outputFileStrategy: "modules",
    flattenOutputFiles: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    // GitHub does not always make the anchors that the plugin expects of it.
    useHTMLAnchors: true,
  };
  const application = await Application.bootstrapWithPlugins(settings);
  const project = await application.convert();
  if (project === undefined) throw new Error("TypeDoc cannot read the sources, and said why above");
  application.validate(project);
  await application.generateOutputs(project);
  if (application.logger.hasErrors() || application.logger.hasWarnings())
    throw new Error("TypeDoc found something wrong in the docstrings, and said what above");
}

/** The sources of what package.json exports. */
function entryPoints(): string[] {
  const { exports } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    exports: Record<string, { default: string }>;
  };
  return Object.values(exports).map((entry) =>
    join(packageRoot, entry.default.replace("/dist/", "/").replace(/\.js$/, ".ts")),
  );
}
