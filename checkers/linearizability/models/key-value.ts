/**
 * Texts by key: `put` and `append` take `[key, text]`, and `get` takes `[key, null]` and answers `[key, text]`. A key
 * that nobody has put has the empty text; `get` may answer null for it.
 */
import type { Json } from "../../../history/operation.ts";
import { illegal } from "../model.ts";
import type { Model, Step } from "../model.ts";
import { UNSEEN } from "./observations.ts";

type State = { readonly [key: string]: string };

function nameOf({ input }: Step): string {
  return JSON.stringify((input as readonly Json[])[0] ?? null);
}

function textOf(value: Json): string {
  const text = (value as readonly Json[])[1];
  return typeof text === "string" ? text : "";
}

function isPair(value: Json): value is readonly [Json, Json] {
  return Array.isArray(value) && value.length === 2;
}

function held(state: State, name: string): string {
  return state[name] ?? "";
}

export const keyValue: Model<State> = {
  name: "key-value",
  isKeyed: true,
  operations: ["get", "put", "append"],
  initial(init = null) {
    if (init === null) return {};
    const entries = typeof init === "object" && !Array.isArray(init) ? Object.entries(init) : [[null, null]];
    return Object.fromEntries(
      entries.map(([key, text]) => {
        if (key === null || typeof text !== "string")
          throw new TypeError(`key-value begins with an object of keys and texts, not with ${JSON.stringify(init)}`);
        return [JSON.stringify(key), text];
      }),
    );
  },
  step(state, step) {
    const name = nameOf(step);
    if (step.f === "put") return { ...state, [name]: textOf(step.input) };
    if (step.f === "append") return { ...state, [name]: held(state, name) + textOf(step.input) };
    if (step.output === undefined || textOf(step.output) === held(state, name)) return state;
    return illegal(`it holds ${JSON.stringify(shortened(held(state, name)))}`);
  },
  identity(state) {
    const names = Object.keys(state).filter((name) => state[name] !== "");
    const [only] = names;
    if (names.length === 1 && only !== undefined) return `${only}${held(state, only)}`;
    return JSON.stringify(names.toSorted().map((name) => [name, state[name]]));
  },
  misuse({ f, input, output }) {
    if (!isPair(input) || (f !== "get" && typeof input[1] !== "string"))
      return `${f} takes [key, ${f === "get" ? "null" : "text"}], and this is ${JSON.stringify(input)}`;
    if (f !== "get" || output === undefined) return undefined;
    if (
      isPair(output) &&
      (output[1] === null || typeof output[1] === "string") &&
      JSON.stringify(output[0]) === JSON.stringify(input[0])
    )
      return undefined;
    return `get answers [key, text] with its own key, and this is ${JSON.stringify(output)}`;
  },
  keys: ({ input }) => [(input as readonly Json[])[0] ?? null],
  canonical(step) {
    if (step.f !== "get") return { ...step, output: undefined };
    const key = (step.input as readonly Json[])[0] ?? null;
    return { ...step, input: [key, null], output: step.output === undefined ? undefined : [key, textOf(step.output)] };
  },
  isTotal: ({ f }) => f !== "get",
  overwrites: ({ f }) => f === "put",
  isRead: (step) => step.f === "get" || (step.f === "append" && textOf(step.input) === ""),
  lastObservation(operations) {
    const seen = new Map<string, { readonly text: string; readonly ret: number }[]>();
    const gets = operations.filter(({ step }) => step.f === "get" && step.output !== undefined);
    for (const { step, ret } of gets.toSorted((a, b) => b.ret - a.ret)) {
      const name = nameOf(step);
      const text = textOf(step.output ?? null);
      const texts = seen.get(name) ?? [];
      // What an earlier get saw, a later one that continues it has seen as well.
      if (texts.some((later) => later.text.startsWith(text))) continue;
      texts.push({ text, ret });
      seen.set(name, texts);
    }
    return (step) => {
      const text = textOf(step.input);
      if (step.f === "get") return UNSEEN;
      const texts = seen.get(nameOf(step)) ?? [];
      const sees = (candidate: string): boolean =>
        step.f === "put" ? candidate.startsWith(text) : text !== "" && candidate.includes(text);
      return texts.find((each) => sees(each.text))?.ret ?? UNSEEN;
    };
  },
  growth: {
    resets: ({ f }) => f === "put",
    canReach: (state, step) =>
      step.f !== "get" || step.output === undefined || textOf(step.output).startsWith(held(state, nameOf(step))),
  },
  describe: (state) =>
    Object.entries(state)
      .map(([name, text]) => `${name}: ${JSON.stringify(shortened(text))}`)
      .join(", ") || "no texts",
};

/** The end of a long text, which is where appends differ. */
function shortened(text: string): string {
  return text.length <= 60 ? text : `…${text.slice(-60)}`;
}
