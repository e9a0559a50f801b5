/** Writes events until it is killed; says when a thousand are written. */
import { Recorder } from "../../history/live/recorder.ts";

const [file = "", name] = process.argv.slice(2);
const recorder = new Recorder(file, 0n);
for (let n = 0; ; n += 1) {
  recorder.record({ process: Number(name), type: "invoke", f: "write", value: { n, filler: "x".repeat(n % 500) } });
  if (n === 1_000) process.send?.("written");
  if (n % 100 === 0) await new Promise(setImmediate);
}
