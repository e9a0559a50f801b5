/** What redquake brings along of a kind of adapter: its own, those that are wrong on purpose, and libraries. */
import { didYouMean } from "../../history/suggest.ts";
import type { ClientLibrary } from "../clients/client-library.ts";
import type { AnyAdapter } from "./adapter.ts";

/** An adapter that is wrong on purpose, with one flaw that is found in the field. */
export interface Specimen<Adapter extends AnyAdapter> {
  readonly adapter: Adapter;
  /** The flaw, as it goes on after the adapter's name: `its release …`. */
  readonly flaw: string;
}

/** A library of npm that has an adapter here: unchanged, with its own defaults unless `variant` says more. */
export interface AdapterLibrary<Adapter extends AnyAdapter> {
  /** The package, and after a slash what of it where it has several: `redis-semaphore/Mutex`. */
  readonly name: string;
  /** The package's name on npm. */
  readonly package: string;
  /** The versions that the adapter was tried with, exact. Others of the same major versions may be asked for. */
  readonly tried: readonly string[];
  /** How it is used otherwise than by its own defaults, in a few words. */
  readonly variant?: string;
  /** See `ClientLibrary`. */
  readonly beside?: readonly string[];
  /** All of the adapter but its name. The package is loaded when it is opened. */
  adapter(installed: ClientLibrary): Omit<Adapter, "name">;
}

export interface Shelf<Adapter extends AnyAdapter = AnyAdapter> {
  /** The names of all; libraries with the versions that were tried. */
  readonly names: readonly string[];
  /** Those that a comparison of everything has: no specimens, no variants. */
  readonly compared: readonly string[];
  has(name: string): boolean;
  /** @throws TypeError naming the nearest. */
  named(name: string): Adapter;
  /** What has to be installed before the adapter is opened; undefined when nothing has to. */
  packageOf(name: string): ClientLibrary | undefined;
  /** What is wrong with the specimen of that name; undefined when it is none. */
  flawOf(name: string): string | undefined;
}

export interface ShelfParts<Adapter extends AnyAdapter> {
  /** What one of them is called in messages: `lock`. */
  readonly what: string;
  readonly own: readonly Adapter[];
  readonly specimens: readonly Specimen<Adapter>[];
  readonly libraries: readonly AdapterLibrary<Adapter>[];
}

const REFERENCE = /^(?<name>.+)@(?<version>(?<major>\d+)\.\d+\.\d+(?:-[\w.-]+)?)$/;

export function shelf<Adapter extends AnyAdapter>({
  what,
  own,
  specimens,
  libraries,
}: ShelfParts<Adapter>): Shelf<Adapter> {
  const made = new Map([...own, ...specimens.map(({ adapter }) => adapter)].map((adapter) => [adapter.name, adapter]));
  const flaws = new Map(specimens.map(({ adapter, flaw }) => [adapter.name, flaw]));
  const namesOf = ({ name, tried }: AdapterLibrary<Adapter>): string[] => tried.map((version) => `${name}@${version}`);
  const names = [...made.keys(), ...libraries.flatMap(namesOf)];
  const variants = new Set(libraries.filter(({ variant }) => variant !== undefined).flatMap(namesOf));
  const libraryNamed = (reference: string): NamedLibrary<Adapter> | undefined => {
    const { name, version = "", major } = REFERENCE.exec(reference)?.groups ?? {};
    const library = libraries.find(
      (each) => each.name === name && each.tried.some((tried) => tried.split(".")[0] === major),
    );
    if (library === undefined) return undefined;
    const { package: packageName, beside } = library;
    return { library, installed: { name: packageName, version, ...(beside === undefined ? {} : { beside }) } };
  };
  return {
    names,
    compared: names.filter((name) => !flaws.has(name) && !variants.has(name)),
    has: (name) => made.has(name) || libraryNamed(name) !== undefined,
    named: (name) => {
      const found = made.get(name);
      if (found !== undefined) return found;
      const { library, installed } = libraryNamed(name) ?? {};
      if (library === undefined || installed === undefined)
        throw new TypeError(
          `there is no ${what} ${JSON.stringify(name)}${didYouMean(name, names)}; docs/adapters.md has the names`,
        );
      // What a library's adapter lacks of an adapter is its name.
      return { ...library.adapter(installed), name } as Adapter;
    },
    packageOf: (name) => (made.has(name) ? undefined : libraryNamed(name)?.installed),
    flawOf: (name) => flaws.get(name),
  };
}

interface NamedLibrary<Adapter extends AnyAdapter> {
  readonly library: AdapterLibrary<Adapter>;
  /** The package to install before the adapter is opened. */
  readonly installed: ClientLibrary;
}
