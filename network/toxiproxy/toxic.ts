import type { ToxicType } from "./toxics/toxic-type.ts";

/** Which way the bytes flow: from client to server (`upstream`) or back. */
export type Direction = "upstream" | "downstream";

/** A toxic on a proxy. `toxicity` and `attributes` change when it is updated; every connection reads them here. */
export interface Toxic {
  readonly name: string;
  readonly type: ToxicType;
  readonly direction: Direction;
  /** As the client wrote it, in capitals perhaps: the API gives it back in the same way. */
  readonly stream: string;
  /** The share of connections that it acts on, from 0 to 1. */
  toxicity: number;
  readonly attributes: Record<string, number>;
}

/** The toxic as the API shows it. */
export interface ToxicJson {
  readonly attributes: Readonly<Record<string, number>>;
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly toxicity: number;
}

export function toxicJson(toxic: Toxic): ToxicJson {
  return {
    attributes: toxic.attributes,
    name: toxic.name,
    type: toxic.type.type,
    stream: toxic.stream,
    toxicity: toxic.toxicity,
  };
}
