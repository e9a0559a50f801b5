import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { RUN_LABEL } from "../../../hosts/docker/docker-host.ts";
import { processState } from "../../../machine/process-state.ts";
import { cleanUp, runFolderPrefix } from "../../../runner/equipment/clean.ts";
import {
  containerRuntime,
  dockerMissing,
  dockerNote,
  IMAGE_TIMEOUT_MS,
  openDockerHost,
} from "../../support/docker-nodes.ts";
import { startNodes } from "../../support/process-nodes.ts";

async function kindsOf(folder: string): Promise<string[]> {
  const run = basename(folder).slice(runFolderPrefix.length);
  return (await containerRuntime().labelled(`${RUN_LABEL}=${run}`)).map(({ kind }) => kind);
}

describe.skipIf(dockerMissing)(`containers of killed runs${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  it("are removed with their networks, while those of a run that goes on are left alone", async () => {
    await using alive = await openDockerHost();
    const [node] = await startNodes(alive.host, "n1");

    const script = join(import.meta.dirname, "abandoned-containers.ts");
    const coordinator = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const { value } = await createInterface({ input: coordinator.stdout })[Symbol.asyncIterator]().next();
    const dead = JSON.parse(String(value)) as { folder: string; pid: number };
    expect(processState(dead.pid)).toBe("running");
    expect(await kindsOf(dead.folder)).toEqual(["container", "network"]);
    const exited = once(coordinator, "exit");
    coordinator.kill("SIGKILL");
    await exited;

    await cleanUp({ say: () => undefined });

    expect(await kindsOf(dead.folder)).toEqual([]);
    expect(processState(dead.pid)).toBe("dead");
    expect(existsSync(dead.folder)).toBe(false);
    expect(await kindsOf(alive.folder)).toEqual(["container", "network"]);
    expect(await node?.command("PING")).toBe("PONG");
  });
});
