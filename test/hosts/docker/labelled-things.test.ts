/** Whether an engine may hold anything with a label, asked of servers that answer as engines do, or do not. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { mayHoldLabelled } from "../../../hosts/docker/labelled-things.ts";

let folder: string;
let home: string | undefined;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-test-"));
  home = process.env["HOME"];
  // Settings of the machine's own for testcontainers must not matter.
  process.env["HOME"] = folder;
});

afterEach(() => {
  server?.close();
  process.env["HOME"] = home;
  rmSync(folder, { recursive: true, force: true });
});

const EMPTY = { containers: "[]", networks: "[]", volumes: `{"Volumes":null,"Warnings":null}` };

/** Starts a server with these answers, and returns what it was asked for and the environment that names it. */
async function engine(answers: Readonly<Record<string, string>>, status = 200) {
  const asked: string[] = [];
  const socket = join(folder, "engine.sock");
  server = createServer(({ url = "" }, response) => {
    asked.push(decodeURIComponent(url));
    response.statusCode = status;
    response.end(answers[/\w+/.exec(url)?.[0] ?? ""]);
  }).listen(socket);
  await once(server, "listening");
  return { asked, environment: { DOCKER_HOST: `unix://${socket}` } };
}

it("is certain where the lists of all kinds of things are empty", async () => {
  const { asked, environment } = await engine(EMPTY);
  expect(await mayHoldLabelled("a=b", environment)).toBe(false);
  expect(asked.toSorted()).toEqual([
    `/containers/json?all=1&filters={"label":["a=b"]}`,
    `/networks?filters={"label":["a=b"]}`,
    `/volumes?filters={"label":["a=b"]}`,
  ]);
});

it.each([
  ["a container", { ...EMPTY, containers: `[{"Id":"1"}]` }, 200],
  ["a network", { ...EMPTY, networks: `[{"Id":"1"}]` }, 200],
  ["a volume", { ...EMPTY, volumes: `{"Volumes":[{"Name":"1"}]}` }, 200],
  ["an answer that is no list", { ...EMPTY, networks: `{}` }, 200],
  ["an answer that is no JSON", { ...EMPTY, networks: `<html>` }, 200],
  ["a refusal", EMPTY, 500],
])("may be where there is %s", async (_what, answers, status) => {
  const { environment } = await engine(answers, status);
  expect(await mayHoldLabelled("a=b", environment)).toBe(true);
});

it("may be where nothing can be asked without testcontainers", async () => {
  expect(await mayHoldLabelled("a=b", { DOCKER_HOST: "ssh://elsewhere" })).toBe(true);
  expect(await mayHoldLabelled("a=b", { DOCKER_HOST: "tcp://127.0.0.1:2375" })).toBe(true);
});
