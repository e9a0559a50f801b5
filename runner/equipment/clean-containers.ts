/**
 * The containers, networks and volumes of runs that could not clean up themselves. Each carries labels that name its
 * run, its coordinator, and the machine on which that coordinator is a process: an engine may serve several, whose
 * process ids mean nothing here.
 */
import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ContainerRuntime, Labelled } from "../../hosts/docker/container-runtime.ts";
import { mayHaveEngine } from "../../hosts/docker/engine-socket.ts";
import { mayHoldLabelled } from "../../hosts/docker/labelled-things.ts";

const COORDINATOR_LABEL = "redquake.coordinator";
const MACHINE_LABEL = "redquake.machine";

/** What all that a coordinator puts into the engine carries, beside the name of its run. */
export function containerLabels(coordinator: string): Readonly<Record<string, string>> {
  return { [COORDINATOR_LABEL]: coordinator, [MACHINE_LABEL]: machineMark() };
}

/**
 * Ends and removes what the doomed coordinators of this machine have left in its engine, if there is one. Returns how
 * many containers.
 */
export async function removeContainers(isDoomed: (coordinator: string) => boolean): Promise<number> {
  const runtime = await anyRuntime();
  if (runtime === undefined) return 0;
  const doomed = await doomedIn(runtime, isDoomed);
  await runtime.remove(doomed);
  return doomed.filter(({ kind }) => kind === "container").length;
}

/** What `removeContainers` would remove now. */
export async function doomedThings(isDoomed: (coordinator: string) => boolean): Promise<readonly Labelled[]> {
  const runtime = await anyRuntime();
  return runtime === undefined ? [] : doomedIn(runtime, isDoomed);
}

/** Where runs of this machine have left something, also one that runs cannot use. */
async function anyRuntime(): Promise<ContainerRuntime | undefined> {
  if (!mayHaveEngine() || !(await mayHoldLabelled(ofThisMachine()))) return undefined;
  const { ContainerRuntime } = await import("../../hosts/docker/container-runtime.ts");
  return ContainerRuntime.find();
}

async function doomedIn(
  runtime: ContainerRuntime,
  isDoomed: (coordinator: string) => boolean,
): Promise<readonly Labelled[]> {
  const ours = await runtime.labelled(ofThisMachine());
  return ours.filter(({ labels }) => isDoomed(labels[COORDINATOR_LABEL] ?? ""));
}

function ofThisMachine(): string {
  return `${MACHINE_LABEL}=${machineMark()}`;
}

/** Tells this machine, and this container if we are in one, from others: wherever process ids mean something else. */
export function machineMark(): string {
  return process.platform === "linux" ? `${hostname()} ${readlinkSync("/proc/self/ns/pid")}` : hostname();
}
