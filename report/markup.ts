/**
 * HTML that cannot be broken from inside: everything that is put into a template is escaped, except other markup.
 * Values, errors and node names in a report come from the system under test and are never trusted.
 */

import { visible } from "../history/visible.ts";

/** Text that is HTML already. Only `html` and `trusted` make one. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Fragment = Markup | string | number | undefined | readonly Fragment[];

/** Template tag: `html\`<b>${anything}</b>\``. Attributes must be quoted in the template. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    text += render(value) + (strings[index + 1] ?? "");
  });
  return new Markup(text);
}

/** Marks text of our own as HTML, such as a style sheet. Never call it on anything from a run. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(value: Fragment): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(render).join("");
  return escapeText(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes for element content and quoted attributes; what cannot be seen is made visible. */
function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
