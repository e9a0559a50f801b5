/** @import { RunData } from "./model.js" */
/** @import { View } from "./view.js" */
import { operationTitle } from "./detail.js";
import { create } from "./elements.js";
import { OUTCOMES } from "./model.js";
import { lengthText, momentText, numberText, visibleText } from "./text.js";

const MOST = 100;

/**
 * The operations in view as a table: the same picture for a reader by keyboard or by ear.
 * @param {HTMLDetailsElement} details
 * @param {RunData} run
 * @param {View} view
 * @param {Uint8Array | undefined} matches
 * @param {readonly string[]} values
 */
export function listOperations(details, run, view, matches, values) {
  const table = details.querySelector("table");
  const summary = details.querySelector("summary");
  if (!details.open || table === null || summary === null) return;
  const { model, operations } = run;
  /** @type {number[]} */
  const shown = [];
  let count = 0;
  for (let i = 0; i < operations.count && (operations.start[i] ?? 0) <= view.to; i += 1) {
    if ((operations.end[i] ?? 0) < view.from || (matches !== undefined && matches[i] === 0)) continue;
    count += 1;
    if (shown.length < MOST) shown.push(i);
  }
  summary.textContent =
    count > MOST
      ? `Operations in view: the first ${MOST} of ${numberText(count)}`
      : `Operations in view: ${numberText(count)}`;
  const head = create(
    "tr",
    "",
    ...["Start", "Length", "Worker", "Process", "Operation", "Outcome", "Values"].map((text) => create("th", "", text)),
  );
  const rows = shown.map((i) => {
    const link = create("a", "", operationTitle(run, i));
    link.href = `#op=${operations.invoke[i] ?? 0}`;
    const outcome = OUTCOMES[operations.outcome[i] ?? 2] ?? "info";
    const completed = operations.completed[i] === 1;
    return create(
      "tr",
      "",
      create("td", "number", momentText(operations.start[i] ?? 0)),
      create("td", "number", completed ? lengthText((operations.end[i] ?? 0) - (operations.start[i] ?? 0)) : "open"),
      create("td", "", visibleText(model.lanes[operations.lane[i] ?? 0]?.name ?? "")),
      create("td", "number", String(operations.process[i] ?? "")),
      create("td", "", link),
      create("td", "", create("span", `event-type ${outcome}`, outcome)),
      create("td", "value", visibleText((values[i] ?? "").replace("\t", " → "))),
    );
  });
  table.replaceChildren(create("thead", "", head), create("tbody", "", ...rows));
}
