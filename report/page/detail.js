/** What is known of an operation, a hold or a fault, as elements of the page. */
/** @import { FaultSpan } from "../page-model.ts" */
/** @import { RunData } from "./model.js" */
/** @import { Hit } from "./timeline/hit.js" */
import { create } from "./elements.js";
import { OUTCOMES } from "./model.js";
import { lengthText, momentText, visibleText } from "./text.js";

const MEANINGS = {
  ok: "ok: it happened",
  fail: "fail: it certainly did not happen",
  info: "info: unknown, it may have happened or may still happen",
};

/** @typedef {[string, string | Node][]} Facts */

/**
 * One line for an operation.
 * @param {RunData} run
 * @param {number} i
 */
export function operationTitle({ model, operations }, i) {
  const name = model.functions[operations.name[i] ?? 0] ?? "";
  const key = model.keys[operations.key[i] ?? 0] ?? "";
  return visibleText(key === "" ? name : `${name} ${key}`);
}

/**
 * Everything that is known of an operation.
 * @param {RunData} run
 * @param {number} i
 * @param {readonly string[]} values
 * @returns {Facts}
 */
function operationFacts({ model, operations }, i, values) {
  const outcome = OUTCOMES[operations.outcome[i] ?? 2] ?? "info";
  const completed = operations.completed[i] === 1;
  const start = operations.start[i] ?? 0;
  const end = operations.end[i] ?? 0;
  const [asked = "", answered = ""] = (values[i] ?? "").split("\t");
  const error = model.errors[operations.error[i] ?? 0] ?? "";
  const node = model.nodes[operations.node[i] ?? 0] ?? "";
  const attempts = operations.attempts[i] ?? 0;
  /** @type {Facts} */
  const facts = [
    ["outcome", completed ? MEANINGS[outcome] : "no completion was recorded: unknown"],
    ["who", visibleText(`${model.lanes[operations.lane[i] ?? 0]?.name ?? ""}, process ${operations.process[i] ?? ""}`)],
    [
      "when",
      completed
        ? `${momentText(start)} – ${momentText(end)} (${lengthText(end - start)})`
        : `${momentText(start)} – open`,
    ],
  ];
  if (asked !== "") facts.push(["asked", visibleText(asked)]);
  if (answered !== "" && answered !== asked) facts.push(["answered", visibleText(answered)]);
  if (asked === "" && values.length > 0) facts.push(["values", "left out to keep this page small; see history.jsonl"]);
  if (error !== "") facts.push(["error", visibleText(error)]);
  if (node !== "") facts.push(["node", visibleText(node)]);
  if (attempts > 1) facts.push(["attempts", `sent ${attempts} times by the client library`]);
  const { invoke, completion } = operations;
  facts.push(["events", completed ? `${invoke[i] ?? ""} and ${completion[i] ?? ""}` : `${invoke[i] ?? ""}`]);
  return facts;
}

/**
 * @param {RunData} run
 * @param {number} hold
 * @returns {Facts}
 */
function holdFacts({ model, holds }, hold) {
  const start = holds.start[hold] ?? 0;
  const end = holds.end[hold] ?? 0;
  const validUntil = holds.validUntil[hold] ?? NaN;
  /** @type {Facts} */
  const facts = [
    ["who", visibleText(model.lanes[holds.lane[hold] ?? 0]?.name ?? "")],
    ["from", momentText(start)],
    ["to", `${momentText(end)} (${lengthText(end - start)})${holds.released[hold] === 1 ? "" : ", never released"}`],
  ];
  if (!Number.isNaN(validUntil)) {
    facts.push([
      "valid until",
      `${momentText(validUntil)}, by its own library${validUntil < end ? `: held ${lengthText(end - validUntil)} longer` : ""}`,
    ]);
  }
  return facts;
}

/**
 * @param {FaultSpan} fault
 * @returns {Facts}
 */
function faultFacts(fault) {
  /** @param {number | undefined} us */
  const moment = (us) => (us === undefined ? "never recorded" : momentText(us));
  return [
    ["target", visibleText(fault.target.join(", "))],
    ["injected", moment(fault.injectUs)],
    ["in effect", moment(fault.activeUs)],
    ["healed", moment(fault.healedUs)],
  ];
}

/** @param {Facts} facts */
function factList(facts) {
  return create(
    "dl",
    "",
    ...facts.map(([name, value]) => create("div", "", create("dt", "", name), create("dd", "", value))),
  );
}

/**
 * Title and facts of what lies under the pointer.
 * @param {RunData} run
 * @param {Hit} hit
 * @param {readonly string[]} values
 * @returns {Node[]}
 */
export function hitContent(run, hit, values) {
  switch (hit.kind) {
    case "operation":
      return [
        create("b", "", operationTitle(run, hit.operation)),
        factList(operationFacts(run, hit.operation, values)),
      ];
    case "fault":
      return [create("b", "", visibleText(hit.fault.title)), factList(faultFacts(hit.fault))];
    case "hold": {
      const key = run.model.keys[run.holds.key[hit.hold] ?? 0] ?? "";
      return [create("b", "", visibleText(`holds ${key}`)), factList(holdFacts(run, hit.hold))];
    }
  }
}

/**
 * The panel of the pinned operation.
 * @param {RunData} run
 * @param {number} operation
 * @param {readonly string[]} values
 * @param {() => void} unpin
 * @returns {Node[]}
 */
export function pinnedContent(run, operation, values, unpin) {
  const close = create("button", "button", "Unpin");
  close.type = "button";
  close.addEventListener("click", unpin);
  return [
    create("header", "", create("h3", "", operationTitle(run, operation)), close),
    factList(operationFacts(run, operation, values)),
  ];
}
