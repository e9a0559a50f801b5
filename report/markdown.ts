/** Markdown of GitHub's flavour in which no text from a run can be anything but text. */
import { visible } from "../history/visible.ts";

/** One line of text: what Markdown or HTML would take for markup is escaped. */
export function markdownText(text: string): string {
  return visible(text)
    .replaceAll(/\s+/g, " ")
    .trim()
    .replaceAll(/[\\`*_[\]|~#]/g, String.raw`\$&`)
    .replace(/^[-+>]/, String.raw`\$&`)
    .replace(/^\d+(?=[.)])/, (number) => `${number}\\`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}

/** A fenced block that no content can end. */
export function codeBlock(text: string): string {
  const fences = text.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...fences.map((each) => each.length + 1)));
  return `${fence}\n${visible(text)}\n${fence}`;
}

/** @param rows cells that are Markdown already */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
