/** The progress of one run in lines of text, for where no line can be taken back. */
import type { Observer } from "../../runner/progress.ts";

/** How often the counts of a load are told. */
const COUNTS_EVERY_MS = 5_000;

/**
 * @param name of the run; each line begins with it and with the seconds that the run has taken
 * @param write takes a line, without its end
 */
export function progressLines(name: string, write: (line: string) => void): Observer {
  const started = performance.now();
  let counted = started;
  const tell = (text: string): void => {
    const seconds = (performance.now() - started) / 1_000;
    write(`${name} ${seconds.toFixed(1).padStart(5)} s  ${text}`);
  };
  return (progress) => {
    switch (progress.kind) {
      case "phase":
        return tell(`phase ${progress.phase}`);
      case "fault":
        return tell(`fault ${progress.moment.fault}: ${progress.moment.title}: ${progress.moment.stage}`);
      case "note":
        return tell(progress.text);
      case "operations":
        if (performance.now() - counted < COUNTS_EVERY_MS) return;
        counted = performance.now();
        tell(`${progress.ok + progress.fail + progress.info} operations, ${progress.perSecond}/s`);
    }
  };
}
