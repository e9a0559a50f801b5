/** Whether fencing tokens rise. */
import { tokenOf } from "../token.ts";
import type { Bench } from "./bench.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { LONG_MS } from "./times.ts";

export async function tokens(bench: Bench): Promise<void> {
  const key = bench.key();
  const tokens: (number | string)[] = [];
  for (let i = 0; i < 3; i += 1) {
    const held = await bench.obtain(i % bench.clients.length, key, LONG_MS);
    const token = tokenOf(held);
    if (token !== undefined) tokens.push(token);
    await bench.released(held);
  }
  const rises = tokens.every((token, i) => i === 0 || BigInt(token) > BigInt(tokens[i - 1] ?? 0));
  const list = tokens.join(", ");
  bench.tell(
    "token-rises",
    tokens.length === 0
      ? skipped("it has no token")
      : rises && tokens.length === 3
        ? passed(list)
        : failed(`three grants, tokens ${list}`),
  );
}
