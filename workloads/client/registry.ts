/** The clients that redquake brings along: the reference, specimens that are wrong on purpose, and libraries of npm. */
import { shelf } from "../adapter/shelf.ts";
import type { Shelf } from "../adapter/shelf.ts";
import type { ClientAdapter } from "./adapter.ts";
import { raw } from "./clients/raw.ts";
import { clientLibraries } from "./libraries/registry.ts";
import { specimens } from "./specimens/registry.ts";

export const clients: Shelf<ClientAdapter> = shelf<ClientAdapter>({
  what: "client",
  own: [raw],
  specimens,
  libraries: clientLibraries,
});
