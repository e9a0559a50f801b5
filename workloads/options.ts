/** Reads the options of a plan, which are plain JSON, with errors that name what is wrong. */
import type { Json } from "../history/operation.ts";
import { LONGEST_TIMER_MS } from "../machine/long-timeout.ts";

export interface OptionReader {
  text(name: string, fallback?: string): string;
  number(name: string, fallback?: number): number;
  /** Milliseconds for the timers of a client library, which end where Node.js's do. */
  timerMs(name: string, fallback?: number): number;
  flag(name: string, fallback?: boolean): boolean;
  oneOf<T extends string>(name: string, allowed: readonly T[]): T;
  texts(name: string, fallback?: readonly string[]): readonly string[];
}

export function optionReader(options: { readonly [key: string]: Json }): OptionReader {
  const number: OptionReader["number"] = (name, fallback) => {
    const value = options[name] ?? fallback;
    if (typeof value !== "number")
      throw new TypeError(`the workload's option "${name}" must be a number, not ${JSON.stringify(value)}`);
    return value;
  };
  return {
    text: (name, fallback) => {
      const value = options[name] ?? fallback;
      if (typeof value !== "string")
        throw new TypeError(`the workload's option "${name}" must be a text, not ${JSON.stringify(value)}`);
      return value;
    },
    number,
    timerMs: (name, fallback) => {
      const value = number(name, fallback);
      if (value >= 0 && value <= LONGEST_TIMER_MS) return value;
      throw new TypeError(
        `the workload's option "${name}" must be from 0 to ${LONGEST_TIMER_MS} milliseconds (24 days, where timers of Node.js end), not ${value}`,
      );
    },
    flag: (name, fallback) => {
      const value = options[name] ?? fallback;
      if (typeof value !== "boolean")
        throw new TypeError(`the workload's option "${name}" must be true or false, not ${JSON.stringify(value)}`);
      return value;
    },
    oneOf: (name, allowed) => {
      const value = allowed.find((each) => each === options[name]);
      if (value === undefined)
        throw new TypeError(
          `the workload's option "${name}" must be one of ${allowed.join(", ")}, not ${JSON.stringify(options[name])}`,
        );
      return value;
    },
    texts: (name, fallback) => {
      const value = options[name] ?? fallback;
      if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
        throw new TypeError(`the workload's option "${name}" must be a list of texts, not ${JSON.stringify(value)}`);
      }
      return value as string[];
    },
  };
}
