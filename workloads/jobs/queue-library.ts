/** The job queues of npm that the workload can run, named with their exact version: `bullmq@6.7.0`. */
import { BULLMQ, BULLMQ_BESIDE, BULLMQ_TRIED } from "../clients/bullmq.ts";
import type { ClientLibrary } from "../clients/client-library.ts";

const REFERENCE = /^(?<name>.+)@(?<version>(?<major>\d+)\.\d+\.\d+(?:-[\w.-]+)?)$/;

/** What has to be installed before the queue is opened. @throws TypeError naming what can be tested. */
export function queueLibraryNamed(reference: string): ClientLibrary {
  const { name, version = "", major } = REFERENCE.exec(reference)?.groups ?? {};
  if (name !== BULLMQ || major !== BULLMQ_TRIED.split(".")[0])
    throw new TypeError(
      `there is no job queue ${JSON.stringify(reference)}; there is ${BULLMQ}@${BULLMQ_TRIED}, and others of its major version`,
    );
  return { name, version, beside: BULLMQ_BESIDE };
}
