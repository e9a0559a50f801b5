/** @import { PageModel } from "../page-model.ts" */

/**
 * Operations as columns; all times are microseconds since the start of the run.
 * @typedef {object} Operations
 * @property {number} count
 * @property {Float64Array} start
 * @property {Float64Array} end time of the completion; the start where none was recorded
 * @property {Uint8Array} completed 0 where no completion was recorded
 * @property {Int32Array} lane
 * @property {Int32Array} row row within the lane
 * @property {Float64Array} process
 * @property {Uint8Array} outcome position in `OUTCOMES`
 * @property {Int32Array} name position in `model.functions`
 * @property {Int32Array} key position in `model.keys`
 * @property {Int32Array} error position in `model.errors`
 * @property {Int32Array} node position in `model.nodes`
 * @property {Int32Array} attempts
 * @property {Float64Array} invoke index of the event, the name of the operation in addresses
 * @property {Float64Array} completion index of the event; 0 for none
 */

/**
 * Spans in which a worker held a lock, as far as it knew.
 * @typedef {object} Holds
 * @property {number} count
 * @property {Float64Array} start
 * @property {Float64Array} end
 * @property {Float64Array} validUntil NaN where the library never said
 * @property {Int32Array} lane
 * @property {Int32Array} key
 * @property {Float64Array} acquired index of the event that acquired it
 * @property {Uint8Array} released
 */

/** @typedef {{ model: PageModel, operations: Operations, holds: Holds }} RunData */

/** Names of the outcomes, by their code in the column. */
export const OUTCOMES = /** @type {const} */ (["ok", "fail", "info"]);
export const OK = 0;
export const FAIL = 1;
export const INFO = 2;

/** @returns {Promise<RunData>} */
export async function readRun() {
  const model = /** @type {PageModel} */ (JSON.parse(new TextDecoder().decode(await unpack("data-model"))));
  const column = columnReader(await unpack("data-columns"), model.columns);
  return { model, operations: readOperations(column), holds: readHolds(column) };
}

/**
 * The values of operations as text, one line each; empty where they were left out.
 * @returns {Promise<string[]>}
 */
export async function readValues() {
  return new TextDecoder().decode(await unpack("data-values")).split("\n");
}

/** @typedef {(name: string) => Float64Array} ColumnReader */

/**
 * @param {ColumnReader} column
 * @returns {Operations}
 */
function readOperations(column) {
  const start = summed(column("start"));
  const length = column("length");
  const invoke = summed(column("invoke"));
  const count = start.length;
  return {
    count,
    start,
    end: start.map((from, i) => from + Math.max(0, (length[i] ?? 0) - 1)),
    completed: Uint8Array.from(length, (value) => (value > 0 ? 1 : 0)),
    lane: Int32Array.from(column("lane")),
    row: Int32Array.from(column("row")),
    process: column("process"),
    outcome: Uint8Array.from(column("outcome")),
    name: Int32Array.from(column("function")),
    key: Int32Array.from(column("key")),
    error: Int32Array.from(column("error")),
    node: Int32Array.from(column("node")),
    attempts: Int32Array.from(column("attempts")),
    invoke,
    completion: column("completion").map((offset, i) => (offset === 0 ? 0 : offset + (invoke[i] ?? 0))),
  };
}

/**
 * @param {ColumnReader} column
 * @returns {Holds}
 */
function readHolds(column) {
  const start = summed(column("hold-start"));
  const length = column("hold-length");
  const valid = column("hold-valid");
  return {
    count: start.length,
    start,
    end: start.map((from, i) => from + (length[i] ?? 0)),
    validUntil: start.map((from, i) => ((valid[i] ?? 0) === 0 ? NaN : from + (valid[i] ?? 0) - 1)),
    lane: Int32Array.from(column("hold-lane")),
    key: Int32Array.from(column("hold-key")),
    acquired: summed(column("hold-acquired")),
    released: Uint8Array.from(column("hold-released")),
  };
}

/**
 * Zigzag varints, one column after the other; a column that the run has no use for is empty.
 * @param {Uint8Array} bytes
 * @param {PageModel["columns"]} headers
 * @returns {ColumnReader}
 */
function columnReader(bytes, headers) {
  /** @type {Map<string, Float64Array>} */
  const columns = new Map();
  let at = 0;
  for (const { name, count } of headers) {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i += 1) {
      let value = 0;
      let scale = 1;
      let byte = bytes[at++] ?? 0;
      while (byte >= 128) {
        value += (byte - 128) * scale;
        scale *= 128;
        byte = bytes[at++] ?? 0;
      }
      value += byte * scale;
      values[i] = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    columns.set(name, values);
  }
  return (name) => columns.get(name) ?? new Float64Array(0);
}

/** @param {Float64Array} differences */
function summed(differences) {
  let sum = 0;
  return differences.map((difference) => (sum += difference));
}

/**
 * @param {string} id of the element with gzip in base64
 * @returns {Promise<Uint8Array>}
 */
async function unpack(id) {
  const packed = Uint8Array.from(atob(document.getElementById(id)?.textContent ?? ""), (character) =>
    character.charCodeAt(0),
  );
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
