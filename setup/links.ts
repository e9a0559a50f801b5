/**
 * Whether every relative link of the Markdown pages leads to a file, and to a heading that it names. Ends with 1 where
 * one does not.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import GithubSlugger from "github-slugger";
import MarkdownIt from "markdown-it";
import type { Token } from "markdown-it";
import { packageRoot } from "../machine/package-root.ts";

const PAGES = ["*.md", "docs/**/*.md"];
const ELSEWHERE = /^(?:[a-z][a-z+.-]*:|\/\/)/i;
const HTML_LINK = /\b(?:href|src)="([^"]*)"/g;
const HTML_ANCHOR = /\bid="([^"]*)"/g;

interface Link {
  /** The first line of its paragraph. */
  readonly line: number;
  readonly href: string;
}

interface MarkdownPage {
  readonly links: readonly Link[];
  /** What an address may name behind its `#`: headings, and the anchors of HTML. */
  readonly anchors: ReadonlySet<string>;
}

const markdown = new MarkdownIt({ html: true });

function readPage(file: string): MarkdownPage {
  const slugger = new GithubSlugger();
  const links: Link[] = [];
  const anchors = new Set<string>();
  let inHeading = false;
  for (const token of markdown.parse(readFileSync(join(packageRoot, file), "utf8"), {})) {
    if (token.type === "heading_open") inHeading = true;
    if (token.type === "heading_close") inHeading = false;
    const line = (token.map?.[0] ?? 0) + 1;
    const parts = token.children ?? [token];
    links.push(...parts.flatMap(addresses).map((href) => ({ line, href })));
    for (const id of parts.flatMap(ids)) anchors.add(id);
    if (inHeading && token.type === "inline") anchors.add(slugger.slug(parts.map(textOf).join("")));
  }
  return { links, anchors };
}

function addresses(token: Token): string[] {
  if (token.type.startsWith("html_")) return [...token.content.matchAll(HTML_LINK)].map(([, href = ""]) => href);
  const href = token.attrGet("href") ?? token.attrGet("src");
  return href === null ? [] : [String(href)];
}

function ids({ type, content }: Token): string[] {
  return type.startsWith("html_") ? [...content.matchAll(HTML_ANCHOR)].map(([, id = ""]) => id) : [];
}

function textOf({ type, content }: Token): string {
  return type === "text" || type === "code_inline" ? content : "";
}

const pages = new Map(globSync(PAGES, { cwd: packageRoot }).map((file) => [normalize(file), readPage(file)]));

/** What is wrong with a link; undefined when it leads somewhere. */
function fault(file: string, href: string): string | undefined {
  if (ELSEWHERE.test(href)) return undefined;
  const [path = "", anchor] = href.split("#").map(decodeURIComponent);
  const target = path === "" ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(packageRoot, target))) return `there is no ${target}`;
  if (anchor === undefined || pages.get(target)?.anchors.has(anchor) !== false) return undefined;
  return `${target} has no #${anchor}`;
}

let isClean = true;
for (const [file, { links }] of pages) {
  for (const { line, href } of links) {
    const wrong = fault(file, href);
    if (wrong === undefined) continue;
    console.log(`${file}:${line}: the link ${href} is dead: ${wrong}`);
    isClean = false;
  }
}
process.exitCode = isClean ? 0 : 1;
