/** Until when a server had a lock, as far as the history proves it. */
import type { Operation } from "../../../history/operation.ts";
import type { Grant } from "./grants.ts";

/**
 * Until when the server cannot have expired the lock: its time to live after a moment before which it cannot have been
 * granted, and after extensions that came in time for certain. A library's own word does not stand against that, as the
 * client's clock may have been moved. Where no time to live is recorded, the word is all there is.
 */
export function aliveUntil({ ok, asked, ttl, extensions, validUntil }: Grant, grantedAfter = asked): number {
  if (ttl === undefined) return validUntil < Infinity ? validUntil : ok.time;
  let until = grantedAfter + ttl;
  for (const { invoke, completion } of extensions)
    if (completion?.type === "ok" && completion.time <= until) until = Math.max(until, invoke.time + ttl);
  return until;
}

/**
 * From when on the server can have expired the lock, or the library says so; never, as far as is known, where nothing
 * tells.
 */
export function mayBeGoneFrom(grant: Grant, grantedAfter?: number): number {
  return grant.ttl === undefined ? grant.validUntil : Math.min(grant.validUntil, aliveUntil(grant, grantedAfter));
}

/**
 * When the server has certainly expired the lock, or the library says so; never, as far as is known, where nothing
 * tells.
 */
export function goneBy({ validUntil, ttl, ok, extensions }: Grant): number {
  if (validUntil < Infinity || ttl === undefined) return validUntil;
  return Math.max(ok.time, ...extensions.map(({ completion }) => completion?.time ?? Infinity)) + ttl;
}

/** When a release was certainly over: Infinity when nobody knows. */
export function endOf(release: Operation): number {
  const { completion } = release;
  return completion?.type === "ok" || completion?.type === "fail" ? completion.time : Infinity;
}
