/** How to run the same plan again: the command, ready to be copied. */
import { visibleLine } from "../../history/visible.ts";
import type { Markup } from "../markup.ts";
import { html } from "../markup.ts";
import type { StoredRun } from "../../store/stored-run.ts";

export function repeatBlock({ run }: StoredRun): Markup {
  if (run.commandLine === "") return html`<p class="empty">The command was not recorded.</p>`;
  return html`<div class="command">
      <pre tabindex="0"><code id="command">${visibleLine(run.commandLine)}</code></pre>
      <button type="button" class="button" data-copy="command">Copy</button>
    </div>
    <p class="aside">
      The seed fixes the plan: every operation stream and every fault. What servers and networks make of it can still
      differ in time, which is why the history is kept.
    </p>`;
}
