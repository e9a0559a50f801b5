/**
 * Requests to a Toxiproxy. Each has a deadline: the original takes a lock for each proxy, keeps it while it waits for a
 * peer, and then leaves everybody waiting who asks about that proxy, or for the list of all
 * (https://github.com/Shopify/toxiproxy/issues/210).
 */
import { HostError } from "../machine/host-error.ts";

/** How long a server may take to answer; more than any busy one needs. */
export const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Waits for the answer to a request.
 * @param url of the server
 * @param request as people read it, such as `DELETE /proxies/w1.n1`
 * @param patienceMs how long, in milliseconds
 * @throws HostError that names the request, when there is no answer in time or it tells of a failure.
 */
export async function answered<T>(
  url: string,
  request: string,
  answer: Promise<T>,
  patienceMs = ANSWER_TIMEOUT_MS,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DOMException("no answer", TIMEOUT)), patienceMs);
  try {
    return await Promise.race([answer, late.promise]);
  } catch (error) {
    const what =
      (error as Error).name === TIMEOUT
        ? `did not answer ${request} within ${patienceMs} ms: it waits for a peer that does not read, or hangs; restart it if it stays silent`
        : `did not carry out ${request} (${causeOf(error)}); its log may say why`;
    throw new HostError(`the Toxiproxy at ${url} ${what}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The name of the error of a request that took too long, as `AbortSignal.timeout` has it. */
const TIMEOUT = "TimeoutError";

/** What the system said of a failed request: `fetch` hides it. */
export function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  const { code, message: deeper } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? deeper ?? message;
}
