/**
 * Whether an engine may hold anything that carries a label. Every command asks it before it does anything, and nearly
 * always there is nothing, so this speaks to the engine's socket itself: loading testcontainers takes a second of
 * processor time.
 */
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { Environment } from "./engine-socket.ts";
import { certainSockets } from "./engine-socket.ts";

/** The lists of the engine's API (https://docs.docker.com/reference/api/engine/). */
const LISTS = ["/containers/json?all=1&", "/networks?", "/volumes?"];
const ANSWER_TIMEOUT_MS = 5_000;

/** False only where each engine that testcontainers could find has said that it holds nothing. */
export async function mayHoldLabelled(label: string, environment: Environment = process.env): Promise<boolean> {
  const sockets = certainSockets(environment);
  if (sockets === undefined) return true;
  const filters = `filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`;
  const asked = sockets
    .filter((path) => existsSync(path))
    .flatMap((path) => LISTS.map((list) => holdsNothing(path, list + filters)));
  return !(await Promise.all(asked)).every(Boolean);
}

/** Whether the answer is a list without anything in it; no answer, or another one, says nothing. */
async function holdsNothing(socket: string, path: string): Promise<boolean> {
  try {
    const [head = "", body = ""] = (await answerTo(socket, path)).split("\r\n\r\n");
    if (!/^HTTP\/1\.\d 200 /.test(head)) return false;
    const answer: unknown = JSON.parse(body);
    const things = Array.isArray(answer) ? answer : (answer as { readonly Volumes?: unknown } | null)?.Volumes;
    return things === null || (Array.isArray(things) && things.length === 0);
  } catch {
    return false;
  }
}

/**
 * By HTTP/1.0, whose answers come in one piece and end with the connection. Node.js's own client loads another tenth of
 * a second of code.
 */
async function answerTo(socket: string, path: string): Promise<string> {
  const connection = connect(socket);
  connection.setTimeout(ANSWER_TIMEOUT_MS, () => connection.destroy(new Error("no answer")));
  connection.write(`GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`);
  return text(connection);
}
