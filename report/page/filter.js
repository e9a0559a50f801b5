/** @import { RunData } from "./model.js" */
import { OUTCOMES } from "./model.js";

/** @typedef {(operation: number) => boolean} Test */

/**
 * Which operations a filter text matches. Words must all match; `name:value` looks at one field, `name:a,b` allows
 * several values, a leading `-` turns a word around, anything else is looked for everywhere. Fields: `f`, `outcome` (or
 * `is`), `worker`, `process`, `key`, `node`, `error`, `slower` (such as `slower:20ms`).
 * @param {string} text
 * @param {RunData} run
 * @param {readonly string[]} values texts of the operations' values, empty before they are there
 * @returns {Uint8Array | undefined} 1 for each match; undefined when everything matches
 */
export function matching(text, run, values) {
  const tests = words(text).map((word) => wordTest(word, run, values));
  if (tests.length === 0) return undefined;
  const matches = new Uint8Array(run.operations.count);
  for (let i = 0; i < matches.length; i += 1) matches[i] = tests.every((test) => test(i)) ? 1 : 0;
  return matches;
}

/**
 * Words of a filter; quotes keep spaces together.
 * @param {string} text
 * @returns {string[]}
 */
function words(text) {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) => word.replaceAll('"', ""));
}

/**
 * @param {string} word
 * @param {RunData} run
 * @param {readonly string[]} values
 * @returns {Test}
 */
function wordTest(word, run, values) {
  if (word.startsWith("-") && word.length > 1) {
    const test = wordTest(word.slice(1), run, values);
    return (i) => !test(i);
  }
  const colon = word.indexOf(":");
  const field = colon === -1 ? undefined : fieldTest(word.slice(0, colon), word.slice(colon + 1), run);
  return field ?? anywhere(word.toLowerCase(), run, values);
}

/**
 * @param {string} name
 * @param {string} wanted
 * @param {RunData} run
 * @returns {Test | undefined}
 */
function fieldTest(name, wanted, { model, operations }) {
  const choices = wanted.toLowerCase().split(",");
  /** @param {string} text */
  const equal = (text) => choices.includes(text.toLowerCase());
  /** @param {string} text */
  const contains = (text) => choices.some((choice) => text.toLowerCase().includes(choice));
  switch (name) {
    case "f":
      return byEntry(model.functions, operations.name, equal);
    case "key":
      return byEntry(model.keys, operations.key, contains);
    case "node":
      return byEntry(model.nodes, operations.node, equal);
    case "error":
      return byEntry(model.errors, operations.error, contains);
    case "worker":
      return byEntry(
        model.lanes.map((lane) => lane.name),
        operations.lane,
        equal,
      );
    case "outcome":
    case "is":
      return byEntry(OUTCOMES, operations.outcome, equal);
    case "process":
      return (i) => choices.includes(String(operations.process[i]));
    case "slower": {
      const least = microseconds(wanted);
      return least === undefined ? undefined : (i) => (operations.end[i] ?? 0) - (operations.start[i] ?? 0) >= least;
    }
    default:
      return undefined;
  }
}

/**
 * Tests every entry of a dictionary once, not every operation.
 * @param {readonly string[]} entries
 * @param {ArrayLike<number>} column
 * @param {(text: string) => boolean} test
 * @returns {Test}
 */
function byEntry(entries, column, test) {
  const passed = entries.map(test);
  return (i) => passed[column[i] ?? 0] === true;
}

/**
 * @param {string} text
 * @param {RunData} run
 * @param {readonly string[]} values
 * @returns {Test}
 */
function anywhere(text, { model, operations }, values) {
  /** @param {string} entry */
  const contains = (entry) => entry.toLowerCase().includes(text);
  const inDictionaries = [
    byEntry(model.functions, operations.name, contains),
    byEntry(model.keys, operations.key, contains),
    byEntry(model.errors, operations.error, contains),
    byEntry(model.nodes, operations.node, contains),
    byEntry(
      model.lanes.map((lane) => lane.name),
      operations.lane,
      contains,
    ),
  ];
  return (i) => inDictionaries.some((test) => test(i)) || contains(values[i] ?? "");
}

/** @param {string} text such as `20ms`, `1.5s`, `300us`; plain numbers are milliseconds */
function microseconds(text) {
  const parts = /^(\d+(?:\.\d+)?)(us|µs|ms|s)?$/.exec(text);
  if (parts === null) return undefined;
  const scale = parts[2] === "s" ? 1_000_000 : parts[2] === "us" || parts[2] === "µs" ? 1 : 1000;
  return Number(parts[1]) * scale;
}
