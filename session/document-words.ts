/** What a document on the adapters of one kind says of them all. */
import type { DocumentWords } from "../report/locks/lock-document.ts";
import type { AdapterKindName } from "../workloads/adapter/adapter.ts";

const VACUOUS =
  "*(hoped)*: nobody promises that; whatever else broke is promised. *vacuous*: the fault never found its moment, or too little was done under it.";

export const DOCUMENT_WORDS: { readonly [Kind in AdapterKindName]: DocumentWords } = {
  lock: {
    title: "Lock libraries under faults",
    command: "adapters-report",
    circumstances: "Every lock ran under the same faults, with the same seeds, unchanged and with its own defaults.",
    legend:
      "*broken* has a proof in the stored history, at these levels: **grant**, two clients were granted the lock at once; **belief**, while the library, asked, still said that the first one held it (where a library cannot be asked, its user believes until the release); **resource**, a write of a former holder, or one that overwrote another, was " +
      "accepted; **tokens**, fencing tokens did not rise; **release**, a release freed another client's lock. *hangs*: nobody got a free lock for longer than the campaign's bound, or one client did not while others did. *(hoped)*: nobody promises that level of such a lock; whatever else broke is promised. *vacuous*: the fault never found " +
      "its moment with this lock. Every lock that lives for a time breaks that when its holder is held up for longer; what differs is what the holder is told.",
  },
  delivery: {
    title: "Message libraries under faults",
    command: "adapters-report --kind delivery",
    circumstances:
      "Every subscriber, consumer and queue ran under the same faults, with the same seeds, unchanged and with its own defaults.",
    legend: `*broken* has a proof in the stored history, and names the claim: **no-loss**, a message never came; **no-loss-connected**, although its consumer was connected and no fault touched it; **no-loss-unknown-to-app**, although the library had not said that the subscription was lost; **no-duplicate**, one came twice; **order**, one came before an earlier one; **recovers**, a consumer got nothing for longer than the bound after the fault; **in-time**, a message was not dealt with by then; **drained**, entries were left in a group. docs/delivery.md explains them all. ${VACUOUS}`,
  },
  cache: {
    title: "Cache libraries under faults",
    command: "adapters-report --kind cache",
    circumstances: "Every cache ran under the same faults, with the same seeds, unchanged and with its own defaults.",
    legend: `*broken* has a proof in the stored history, and names the claim: **converges**, a copy stayed stale; **never-back**, a user got an older version than before; **fresh-when-it-says-so**, a stale copy was called fresh. docs/caches.md explains them all. ${VACUOUS}`,
  },
  leader: {
    title: "Leader libraries under faults",
    command: "adapters-report --kind leader",
    circumstances:
      "Every election ran under the same faults, with the same seeds, unchanged and with its own defaults.",
    legend: `*broken* has a proof in the stored history, and names the claim; docs/leaders.md explains them all. ${VACUOUS}`,
  },
  client: {
    title: "Client libraries under faults",
    command: "adapters-report --kind clients",
    circumstances:
      "Every client ran under the same faults, with the same seeds and unchanged, with its defaults or with the settings that its name tells.",
    legend: `*broken* has a proof in the stored history, and names the claim; docs/clients.md explains them all. ${VACUOUS}`,
  },
};
