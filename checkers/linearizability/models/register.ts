/**
 * A register: `read` answers what was written last, `write` takes the value, and `cas` takes `[old, new]`. A `cas` that
 * is `ok` with `[old, new, false]` did nothing, since it saw another value than `old`; any other one that is `ok` found
 * it and wrote `new`.
 */
import type { Json } from "../../../history/operation.ts";
import { sameJson } from "../../kit/same-json.ts";
import { illegal } from "../model.ts";
import type { Model, Step } from "../model.ts";
import { registerZones } from "../special/register-zones.ts";
import { Observations, UNSEEN } from "./observations.ts";

function isRefused({ f, output }: Step): boolean {
  return f === "cas" && Array.isArray(output) && output[2] === false;
}

function pair(value: Json): readonly [old: Json, new_: Json] {
  return value as unknown as readonly [Json, Json];
}

function registerModel(name: string, operations: readonly string[]): Model<Json> {
  return {
    name,
    operations,
    values: { brought: ["write"], answered: ["read"] },
    initial: (init) => init ?? null,
    step(value, step) {
      const { f, input, output } = step;
      if (f === "write") return input;
      if (f === "read")
        return output === undefined || sameJson(value, output) ? value : illegal(`it holds ${JSON.stringify(value)}`);
      const [old, next] = pair(input);
      if (isRefused(step))
        return sameJson(value, old) ? illegal(`it holds ${JSON.stringify(value)}, so it would have been set`) : value;
      return sameJson(value, old) ? next : illegal(`it holds ${JSON.stringify(value)}`);
    },
    misuse({ f, input, output }) {
      if (f !== "cas") return undefined;
      if (!Array.isArray(input) || input.length !== 2)
        return `a cas takes [old, new], and this is ${JSON.stringify(input)}`;
      if (output === undefined || output === null) return undefined;
      const outcome = (output as readonly Json[])[2];
      const echo = Array.isArray(output) && sameJson(output.slice(0, 2), input);
      if (echo && (outcome === undefined || typeof outcome === "boolean")) return undefined;
      return `a cas that is ok answers [old, new], or [old, new, false] when it saw another value than old, and this is ${JSON.stringify(output)}`;
    },
    canonical(step) {
      const { f, input, output } = step;
      if (f === "read") return { ...step, input: null };
      if (f === "write" || !isRefused(step)) return { f, input, output: undefined, process: step.process };
      return { f, input, output: output ?? null, process: step.process };
    },
    isTotal: ({ f }) => f === "write",
    overwrites: ({ f }) => f === "write",
    isRead: (step) => step.f === "read" || isRefused(step),
    lastObservation(operations) {
      const positive = new Observations();
      let negative = UNSEEN;
      for (const { step, ret } of operations) {
        if (step.f === "read" && step.output !== undefined) positive.note(step.output, ret);
        if (step.f !== "cas") continue;
        if (isRefused(step)) negative = Math.max(negative, ret);
        else positive.note(pair(step.input)[0], ret);
      }
      return (step) => {
        if (step.f === "read" || isRefused(step)) return UNSEEN;
        return Math.max(negative, positive.latest(step.f === "write" ? step.input : pair(step.input)[1]));
      };
    },
    specialCases: [registerZones],
  };
}

export const register = registerModel("register", ["read", "write"]);
export const casRegister = registerModel("cas-register", ["read", "write", "cas"]);
