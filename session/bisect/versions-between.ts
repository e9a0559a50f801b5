/** The versions of a library that can be tested: of locks, clients, or whatever else has libraries. */
import { didYouMean } from "../../history/suggest.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { publishedVersions } from "../../workloads/clients/published-versions.ts";
import type { Shelf } from "../../workloads/adapter/shelf.ts";

/**
 * From the first one to the last one; those before a release only where one of them was asked for.
 * @param shelf what there is of the library's kind
 * @param library without a version, such as `redis-semaphore/Mutex`
 * @throws UsageError when there is no such library or version; HostError when npm cannot be asked.
 */
export async function versionsBetween(
  shelf: Shelf,
  library: string,
  from: string,
  to: string,
): Promise<readonly string[]> {
  const name = shelf.packageOf(`${library}@${from}`)?.name;
  if (name === undefined || shelf.packageOf(`${library}@${to}`) === undefined) {
    throw new UsageError(
      `there is no library ${JSON.stringify(`${library}@${name === undefined ? from : to}`)}${didYouMean(library, shelf.names)}; there are ${shelf.names.filter((each) => shelf.packageOf(each) !== undefined).join(", ")}`,
    );
  }
  const published = await publishedVersions(name);
  const [first, last] = [from, to].map((version) => published.indexOf(version)) as [number, number];
  if (first === -1 || last === -1 || first >= last) {
    throw new UsageError(
      `--from ${from} --to ${to} must be two versions of ${name}, the earlier one first: ${published.join(", ")}`,
    );
  }
  return published
    .slice(first, last + 1)
    .filter((version) => version === from || version === to || !version.includes("-"))
    .filter((version) => shelf.packageOf(`${library}@${version}`) !== undefined);
}
