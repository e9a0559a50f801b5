/** The definitions of the checker of jobs, written down without any cleverness. */
import type { History } from "../../../history/history.ts";
import type { Operation } from "../../../history/operation.ts";

interface Parts {
  channel: string;
  message: string;
  run: string;
}

const JOBS = ["p:0", "p:1", "p:2", "p:3"].flatMap((message) => ["a", "b"].map((channel) => ({ channel, message })));

const asked = ({ invoke }: Operation): Parts => invoke.value as unknown as Parts;
const found = ({ completion }: Operation): Parts => completion?.value as unknown as Parts;
const of = (job: { channel: string; message: string }, parts: Parts): boolean =>
  job.channel === parts.channel && job.message === parts.message;
const isOk = ({ completion }: Operation): boolean => completion?.type === "ok";

function lastList(history: History, f: string, channel: string): Operation | undefined {
  return history.operations
    .filter((each) => each.f === f && isOk(each) && found(each).channel === channel)
    .sort((a, b) => (a.completion?.index ?? 0) - (b.completion?.index ?? 0))
    .at(-1);
}

function entriesOf(list: Operation | undefined, message: string): { run: string | null }[] {
  if (list === undefined) return [];
  const value = list.completion?.value as Record<string, { message: string; run: string | null }[]>;
  return (value[list.f] ?? []).filter((entry) => entry.message === message);
}

export function effectsTwice(history: History): number {
  return JOBS.filter((job) => {
    const seen = history.operations.filter((each) => each.f === "effect" && isOk(each) && of(job, asked(each)));
    const listed = entriesOf(lastList(history, "effects", job.channel), job.message);
    return new Set([...seen.map((each) => asked(each).run), ...listed.map(({ run }) => run)]).size > 1;
  }).length;
}

export function resultsTwice(history: History): number {
  return JOBS.filter((job) => {
    const accepted = history.operations.filter((each) => each.f === "ack" && isOk(each) && of(job, asked(each)));
    if (accepted.length !== 1) return accepted.length > 1;
    const list = lastList(history, "jobs", job.channel);
    const final = entriesOf(list, job.message)
      .filter(({ run }) => run !== null)
      .at(-1);
    const [ack] = accepted;
    if (list === undefined || final === undefined || ack?.completion === undefined) return false;
    return final.run !== asked(ack).run && ack.completion.time < list.invoke.time;
  }).length;
}

/** How long each job of the killed worker lay there, in nanoseconds, and whether somebody took it over. */
export function waitsAfter(history: History): { waited: number; takenOver: boolean }[] {
  const stage = (name: string) =>
    history.nemesis.find((event) => event.f === "kill" && (event.value as { stage?: string }).stage === name);
  const killed = stage("inject");
  if (killed === undefined) return [];
  const since = (stage("active") ?? killed).time;
  const final = history.nemesis.find((event) => (event.value as { phase?: string }).phase === "final");
  const end = (final ?? history.events.at(-1))?.time ?? 0;
  return JOBS.flatMap((job) => {
    const starts = history.operations.filter((each) => each.f === "deliver" && isOk(each) && of(job, found(each)));
    const at = (start: Operation): number => start.completion?.time ?? 0;
    const before = starts.filter((start) => at(start) <= killed.time).sort((a, b) => at(a) - at(b));
    const last = before.at(-1);
    if (last?.completion?.worker !== "w1") return [];
    const { run } = found(last);
    if (history.operations.some((each) => each.f === "ack" && of(job, asked(each)) && asked(each).run === run))
      return [];
    const later = starts.filter((start) => at(start) > killed.time && start.completion?.worker !== "w1").map(at);
    const until = later.length > 0 ? Math.min(...later) : end;
    return [{ waited: Math.max(0, until - since), takenOver: later.length > 0 }];
  });
}
