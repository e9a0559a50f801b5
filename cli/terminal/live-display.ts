/** What the user sees of running campaigns: a line per campaign on a terminal, plain lines elsewhere. */
import type { Observer } from "../../runner/progress.ts";
import { progressLines } from "../../session/runs/progress-lines.ts";
import { RunState } from "../../session/runs/run-state.ts";
import type { Colors } from "./colors.ts";
import { colorsFor } from "./colors.ts";
import { oneLine, terminalText } from "./terminal-text.ts";

const REDRAW_MS = 100;
const USUAL_COLUMNS = 80;

export interface LiveDisplay {
  /** Shows a campaign until it is told that it has ended. */
  start(name: string): RunningLine;
  /** One line that stays. */
  say(line: string): void;
  [Symbol.dispose](): void;
}

interface RunningLine {
  readonly observer: Observer;
  /** Takes the line away, and leaves this one behind. `broken` is how many claims this campaign found broken. */
  end(line: string, broken?: number): void;
}

export interface DisplayStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export function liveDisplay(stream: DisplayStream = process.stderr): LiveDisplay {
  return stream.isTTY === true && process.env["TERM"] !== "dumb" ? new TerminalDisplay(stream) : plainDisplay(stream);
}

class TerminalDisplay implements LiveDisplay {
  readonly #stream: DisplayStream;
  readonly #colors: Colors;
  readonly #running = new Map<string, RunState>();
  readonly #said = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #drawn = 0;
  /** Claims found broken so far, by all campaigns that have ended. */
  #broken = 0;

  constructor(stream: DisplayStream) {
    this.#stream = stream;
    this.#colors = colorsFor(stream);
    this.#timer = setInterval(() => this.#redraw(), REDRAW_MS).unref();
  }

  start(name: string): RunningLine {
    const state = new RunState();
    this.#running.set(name, state);
    this.#redraw();
    return {
      observer: (progress) => {
        state.take(progress);
        if (progress.kind === "note") this.#sayOnce(progress.text);
      },
      end: (line, broken = 0) => {
        this.#running.delete(name);
        this.#broken += broken;
        this.say(line);
      },
    };
  }

  say(line: string): void {
    this.#redraw(`${terminalText(line, this.#stream)}\n`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#running.clear();
    this.#redraw();
  }

  /** Side by side, campaigns would all tell which host they run on. */
  #sayOnce(line: string): void {
    if (this.#said.has(line)) return;
    this.#said.add(line);
    this.say(line);
  }

  /** Writes everything at once, so that nothing flickers. */
  #redraw(above = ""): void {
    const erase = this.#drawn === 0 ? "" : `\u001B[${this.#drawn}A\u001B[J`;
    const lines = [...this.#running].map(([name, state]) => `${this.#line(name, state)}\n`);
    this.#drawn = lines.length;
    const text = erase + above + lines.join("");
    if (text !== "") this.#stream.write(text);
  }

  #line(name: string, state: RunState): string {
    const { bold, dim, red } = this.#colors;
    // Some terminals say that they have no columns at all.
    const width = (this.#stream.columns || USUAL_COLUMNS) - 1;
    const pieces: [text: string, paint: (text: string) => string][] = [
      [name, bold],
      [`  ${state.phase}  ${state.seconds.toFixed(0)} s`, String],
      [state.operations === 0 ? "" : `  ${state.operations} operations, ${state.perSecond}/s`, dim],
      [this.#broken === 0 ? "" : `  ${this.#broken} ${this.#broken === 1 ? "claim" : "claims"} broken so far`, String],
      [state.faults.size === 0 ? "" : `  ${[...state.faults.values()].join(", ")}`, red],
    ];
    let left = width;
    let line = "";
    for (const [raw, paint] of pieces) {
      const text = oneLine(raw);
      const shown = text.length <= left ? text : `${text.slice(0, Math.max(0, left - 1))}…`;
      if (left > 0 && shown !== "") line += paint(shown);
      left -= shown.length;
    }
    return line;
  }
}

function plainDisplay(stream: DisplayStream): LiveDisplay {
  const say = (line: string): void => void stream.write(`${terminalText(line, stream)}\n`);
  return {
    say,
    start: (name) => ({ observer: progressLines(name, say), end: (line) => say(line) }),
    // Nothing is drawn that would have to go.
    [Symbol.dispose]: () => undefined,
  };
}
