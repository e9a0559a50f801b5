/**
 * Stack traces of compiled code that name the files and lines of its sources. Node.js's own `--enable-source-maps`
 * reads every map when a program starts, which costs a worker a tenth of its start; here, a map is read when a stack
 * that needs it is first asked for.
 */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageRoot } from "./package-root.ts";

const OURS = `${pathToFileURL(packageRoot).href}/`;

/** By the compiled file's URL; undefined for what was not compiled. */
const maps = new Map<string, SourceMap | undefined>();

interface Site extends NodeJS.CallSite {
  /** As Node.js itself describes it. */
  toString(): string;
}

/** From now on, for each stack of this process: for programs of our own, never in a process of the user's. */
export function nameSourcesInStacks(): void {
  Error.prepareStackTrace = (error, sites: readonly Site[]) =>
    [Error.prototype.toString.call(error), ...sites.map((site) => `    at ${described(site)}`)].join("\n");
}

function described(site: Site): string {
  const url = site.getFileName();
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (url === null || line === null || column === null || !url.startsWith(OURS)) return String(site);
  const place = sourcePlace(url, line, column);
  return place === undefined ? String(site) : String(site).replace(`${url}:${line}:${column}`, () => place);
}

function sourcePlace(url: string, line: number, column: number): string | undefined {
  if (!maps.has(url)) maps.set(url, mapOf(url));
  const found = maps.get(url)?.findEntry(line - 1, column - 1);
  if (found === undefined || !("originalSource" in found)) return undefined;
  const { originalSource, originalLine, originalColumn } = found;
  return `${new URL(originalSource, url).href}:${originalLine + 1}:${originalColumn + 1}`;
}

/** Whatever is wrong with a map, the stack is told all the same. */
function mapOf(url: string): SourceMap | undefined {
  const file = `${fileURLToPath(url)}.map`;
  if (!existsSync(file)) return undefined;
  try {
    return new SourceMap(JSON.parse(readFileSync(file, "utf8")) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
