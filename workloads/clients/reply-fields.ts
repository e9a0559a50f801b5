/** Names and values of a reply: RESP2 gives them in turn, RESP3 gives a map. */
export function fieldsOf(reply: unknown): { readonly [name: string]: unknown } {
  if (!Array.isArray(reply)) return reply as { readonly [name: string]: unknown };
  const fields: readonly unknown[] = reply;
  return Object.fromEntries(fields.flatMap((name, i) => (i % 2 === 0 ? [[String(name), fields[i + 1]]] : [])));
}
