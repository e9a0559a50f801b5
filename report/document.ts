/** The frame of every page: one file that asks the network for nothing. */
import type { Fragment, Markup } from "./markup.ts";
import { html, trusted } from "./markup.ts";
import type { PageAssets } from "./page-assets.ts";
import { cspHash } from "./page-assets.ts";
import type { RunOutcome } from "../store/run-outcome.ts";
import { outcomeTone } from "./sections/marks.ts";

export interface DocumentParts {
  readonly title: string;
  /** Links of the bar at the top: fragment and text. */
  readonly contents: readonly (readonly [string, string])[];
  readonly home: string | undefined;
  readonly outcome: RunOutcome | undefined;
  readonly body: Fragment;
  /** Blocks of data for the script in base64, by the id that it looks for. */
  readonly data: readonly (readonly [string, string])[];
}

const ICON_COLOURS = { good: "1f7a4d", bad: "c2183a", shown: "6d4bc4", unsure: "b26a00", quiet: "6b7280" } as const;

/** Stands in the head of every page. */
export const GENERATOR = '<meta name="generator" content="redquake" />';

const SEISMOGRAPH = "M1 12h5l2-4 3 9 3-15 3 19 3-13 2 4h7";

export function renderDocument(parts: DocumentParts, assets: PageAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src ${cspHash(assets.script)}`,
    `style-src ${cspHash(assets.style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const icon = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 29 24' fill='none' stroke='%23${ICON_COLOURS[outcomeTone(parts.outcome)]}' stroke-width='2.6'%3E%3Cpath d='${SEISMOGRAPH}'/%3E%3C/svg%3E`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        ${trusted(GENERATOR)}
        <title>${parts.title}</title>
        <link rel="icon" href="${icon}" />
        ${inline("style", assets.style)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <nav class="top" aria-label="Contents">
          <a class="brand" href="${parts.home ?? "#main"}"
            ><svg viewBox="0 0 29 24" aria-hidden="true"><path d="${SEISMOGRAPH}" /></svg>redquake</a
          >
          <div class="contents">
            ${parts.contents.map(([fragment, text]) => html`<a href="#${fragment}">${text}</a>`)}
          </div>
          <button type="button" id="theme" class="button" aria-label="Switch between light and dark">Dark</button>
        </nav>
        <main id="main">${parts.body}</main>
        ${parts.data.map(([id, text]) => dataBlock(id, text))} ${inline("script", assets.script)}
      </body>
    </html>`.text;
}

/** Not part of a template: the policy knows the text by its hash, and a formatter's white space would change it. */
function inline(tag: "style" | "script", text: string): Markup {
  return trusted(`<${tag}>${text}</${tag}>`);
}

/** Base64 cannot end the element early. */
function dataBlock(id: string, base64: string): Markup {
  return trusted(`<script type="application/octet-stream" id="${id}">${base64}</script>`);
}
