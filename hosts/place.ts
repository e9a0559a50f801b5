/** The addresses that nodes get: each has a service port, and so many others as its specification asks for. */
import type { Endpoint } from "../network/link.ts";
import { HostError } from "../machine/host-error.ts";
import type { NodeSpec } from "./host.ts";
import { freePorts } from "../machine/ports.ts";

export interface Place extends Endpoint {
  /** Its other ports, by name, such as `bus`. */
  readonly ports: Readonly<Record<string, number>>;
}

/** The places of all nodes that were placed together, by name. */
export type Places = ReadonlyMap<string, Place>;

/** The names of a node's ports beside that of its service. */
function portNames({ bus, extraPorts = [] }: NodeSpec): string[] {
  return [...(bus ? ["bus"] : []), ...extraPorts];
}

/**
 * @param hostOf the address of the i-th node
 * @param free the addresses of this machine on which the ports must be free; those of plain processes unless given
 * @throws HostError when there are not so many free ports.
 */
export async function placeNodes(
  specs: readonly NodeSpec[],
  hostOf: (i: number) => string,
  free?: readonly string[],
): Promise<Places> {
  const wanted = specs.reduce((sum, spec) => sum + 1 + portNames(spec).length, 0);
  const ports = await freePorts(wanted, free);
  const take = (): number => ports.pop() as number;
  return new Map(
    specs.map((spec, i): [string, Place] => [
      spec.name,
      { host: hostOf(i), port: take(), ports: Object.fromEntries(portNames(spec).map((name) => [name, take()])) },
    ]),
  );
}

/**
 * Puts addresses in the place of `{host}`, `{port}` and `{NAME-port}` (the node's own), and of `{host:NODE}`,
 * `{port:NODE}` and `{NAME-port:NODE}`.
 * @throws HostError naming the node or the port that was not placed.
 */
export function fillPlaces(line: string, own: string, places: Places): string {
  return line.replaceAll(
    /\{(?:(host|port)|([a-z]+)-port)(?::([^}]+))?\}/g,
    (_match, part: "host" | "port" | undefined, port: string, name: string = own) => {
      const place = placeOf(places, name);
      const value = part === undefined ? place.ports[port] : place[part];
      if (value === undefined) throw new HostError(`${name} has no ${port} port, which ${own} asks for in: ${line}`);
      return String(value);
    },
  );
}

/** @throws HostError when no node of this name was placed. */
export function placeOf(places: Places, name: string): Place {
  const place = places.get(name);
  if (place === undefined) throw new HostError(`no node named ${JSON.stringify(name)} was placed`);
  return place;
}
