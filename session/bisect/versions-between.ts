/** The versions of a lock library that can be tested. */
import { didYouMean } from "../../history/suggest.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { publishedVersions } from "../../workloads/clients/published-versions.ts";
import { locks } from "../../workloads/lock/registry.ts";

/**
 * From the first one to the last one; those before a release only where one of them was asked for.
 * @param library without a version, such as `redis-semaphore/Mutex`
 * @throws UsageError when there is no such library or version; HostError when npm cannot be asked.
 */
export async function versionsBetween(library: string, from: string, to: string): Promise<readonly string[]> {
  const name = locks.packageOf(`${library}@${from}`)?.name;
  if (name === undefined || locks.packageOf(`${library}@${to}`) === undefined) {
    throw new UsageError(
      `there is no lock library ${JSON.stringify(`${library}@${name === undefined ? from : to}`)}${didYouMean(library, locks.names)}; there are ${locks.names.filter((each) => locks.packageOf(each) !== undefined).join(", ")}`,
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
    .filter((version) => locks.packageOf(`${library}@${version}`) !== undefined);
}
