/** The mark by which redquake finds the kinds of a user's own among the exports of a module. */

const KIND = Symbol.for("redquake.kind");

export type OwnKind = "workload" | "fault" | "checker";

/** The same definition, marked. */
export function ownKind<Definition extends object>(kind: OwnKind, definition: Definition): Definition {
  return Object.freeze({ ...definition, [KIND]: kind });
}

/** What a value is marked as; undefined where it is not. */
export function kindOf(value: unknown): OwnKind | undefined {
  return typeof value === "object" && value !== null ? (value as { readonly [KIND]?: OwnKind })[KIND] : undefined;
}
