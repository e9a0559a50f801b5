/** Values on the tape and histories in columns say what the objects say. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, eventAt, NO_PARTNER, TYPE } from "../../../history/columns/columns.ts";
import type { Json } from "../../../history/operation.ts";
import { parseHistory } from "../../../history/read.ts";
import { Tape } from "../../../history/columns/tape.ts";

const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__")) as fc.Arbitrary<Json>;
const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

describe("a tape", () => {
  it("gives back every value, wherever it stands", () => {
    fc.assert(
      fc.property(fc.array(json), (values) => {
        const tape = new Tape(1);
        const positions = values.map((value) => tape.append(value));
        expect(positions.map((at) => JSON.stringify(tape.json(at)))).toEqual(
          values.map((each) => JSON.stringify(each)),
        );
        positions.forEach((at, i) => expect(tape.next(at)).toBe(positions[i + 1] ?? tape.length));
      }),
    );
  });

  it("has one word for equal scalars, and different ones for others", () => {
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        const tape = new Tape();
        const [first, second] = [tape.word(tape.append(a)), tape.word(tape.append(b))];
        expect(first === second).toBe(a === b);
        expect(tape.scalar(first)).toBe(Object.is(a, -0) ? 0 : a);
      }),
    );
  });

  it("finds the fields of an object, and says of everything else that it has none", () => {
    const tape = new Tape();
    const at = tape.append({ key: "a", list: [1, [2]], token: 2 ** 40 });
    expect(tape.json(tape.field(at, "list"))).toEqual([1, [2]]);
    expect(tape.number(tape.field(at, "token"))).toBe(2 ** 40);
    expect(tape.field(at, "missing")).toBe(-1);
    expect(tape.field(tape.append(["key"]), "key")).toBe(-1);
    expect(tape.number(tape.field(at, "key"))).toBeNaN();
  });
});

describe("columns", () => {
  it("have the events of a history, and lead from each to its partner", () => {
    const { history } = parseHistory(
      [
        '{"process":0,"type":"invoke","f":"read","value":null}',
        '{"process":"nemesis","type":"info","f":"split","value":["a"]}',
        '{"process":1,"type":"invoke","f":"write","value":3}',
        '{"process":0,"type":"ok","f":"read","value":[3]}',
        '{"process":1,"type":"info","f":"write","value":3}',
        '{"process":2,"type":"invoke","f":"write","value":4}',
      ].join("\n"),
    );
    const columns = columnsOf({ events: history.events });
    expect(history.events.map((_, i) => eventAt(columns, i))).toEqual(history.events);
    expect([...columns.partner]).toEqual([3, NO_PARTNER, 4, 0, 2, NO_PARTNER]);
    expect(columns.type[4]).toBe(TYPE.info);
  });
});
