/** Paths as the user wrote them, and as they are shown. */
import { isAbsolute, relative, resolve, sep } from "node:path";
import { packageRoot } from "./package-root.ts";

/**
 * Where the user was when the command was given: `npm run` goes to the checkout's root first, and tells where it came
 * from.
 */
export function userFolder(): string {
  const before = process.env["INIT_CWD"];
  return before !== undefined && process.cwd() === packageRoot ? before : process.cwd();
}

/** The absolute path of what the user named. */
export function userPath(path: string): string {
  return resolve(userFolder(), path);
}

/** The shortest path that the user can copy: relative to where they are, unless it lies elsewhere. */
export function shownPath(path: string): string {
  const short = relative(userFolder(), path);
  return short === "" || isAbsolute(short) || short === ".." || short.startsWith(`..${sep}`) ? path : short;
}

/** How redquake is called here: installed as a package, or from a checkout. */
export function commandName(): string {
  return packageRoot.split(sep).includes("node_modules") ? "npx redquake" : "npm run redquake --";
}
