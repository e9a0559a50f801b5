/** The job queues of npm that the workload can run, named with their exact version: `bullmq@6.7.0`. */
import { BULLMQ, BULLMQ_BESIDE, BULLMQ_TRIED } from "../clients/bullmq.ts";
import type { ClientLibrary } from "../clients/client-library.ts";

/**
 * Others of the same major versions may be named as well. The older one is there for a bug that it is known to have
 * (https://github.com/taskforcesh/bullmq/issues/648).
 */
const TRIED: readonly string[] = ["1.34.2", BULLMQ_TRIED];

/** The names of those that were tried. */
export const QUEUE_NAMES: readonly string[] = TRIED.map((version) => `${BULLMQ}@${version}`);

const REFERENCE = /^(?<name>.+)@(?<version>(?<major>\d+)\.\d+\.\d+(?:-[\w.-]+)?)$/;

/** What has to be installed before the queue is opened. @throws TypeError naming what can be tested. */
export function queueLibraryNamed(reference: string): ClientLibrary {
  const { name, version = "", major } = REFERENCE.exec(reference)?.groups ?? {};
  if (name !== BULLMQ || TRIED.every((tried) => tried.split(".")[0] !== major)) {
    const known = TRIED.map((tried) => `${BULLMQ}@${tried}`).join(", ");
    throw new TypeError(
      `there is no job queue ${JSON.stringify(reference)}; there are ${known}, and others of their major versions`,
    );
  }
  return { name, version, beside: BULLMQ_BESIDE };
}
