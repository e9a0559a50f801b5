/** Which Linux distribution this is. */
import { existsSync, readFileSync } from "node:fs";

/** Name and version of the distribution, such as `debian-12`, and the families it belongs to, from os-release(5). */
export function distribution(): { readonly release: string; readonly families: readonly string[] } {
  if (!existsSync("/etc/os-release")) return { release: process.platform, families: [process.platform] };
  const text = readFileSync("/etc/os-release", "utf8");
  const field = (name: string): string => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  const id = field("ID") || process.platform;
  const release = [id, field("VERSION_ID")].filter((part) => part !== "").join("-");
  return { release, families: [id, ...field("ID_LIKE").split(" ")] };
}
