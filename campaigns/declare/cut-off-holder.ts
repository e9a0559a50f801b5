/** A holder that no longer hears the servers, nor they it, and is not told so, and that takes its time. */
import type { DeclaredFault } from "./declare.ts";
import type { Random } from "../../history/random.ts";

/**
 * @param silentMs so long that the servers have ended the lock, and others have got it, before the holder goes on; the
 * links are healed later
 * @param point where the holder is then
 */
export function cutOffHolder(
  silentMs: number,
  point: "granted" | "thinking" = "granted",
): (random: Random) => DeclaredFault[] {
  return (random) => [
    {
      id: "cut",
      kind: "link",
      options: { from: "w1", to: "servers", how: "hold" },
      start: { at: { worker: "w1", point, occurrence: random.integer(2, 5), holdMs: silentMs } },
      end: { afterMs: silentMs + random.integer(800, 1_200) },
    },
  ];
}
