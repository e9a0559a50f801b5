/** One line on standard error that says what takes so long, where a person looks. It is gone when it is disposed of. */
import { oneLine } from "./terminal-text.ts";

const EVERY_MS = 500;
const CLEAR_LINE = "\r\u001B[K";

/** @param text for the whole seconds that have passed; asked for twice a second. */
export function showProgress(text: (seconds: number) => string): Disposable {
  if (!process.stderr.isTTY) return { [Symbol.dispose]: () => undefined };
  const started = performance.now();
  let shown = false;
  const timer = setInterval(() => {
    shown = true;
    process.stderr.write(`${CLEAR_LINE}${oneLine(text(Math.floor((performance.now() - started) / 1_000)))}`);
  }, EVERY_MS);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      if (shown) process.stderr.write(CLEAR_LINE);
    },
  };
}
