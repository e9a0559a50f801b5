/** Consumers that are too slow, and messages that are due later than they are sent. */
import { deliveryCampaign } from "./words/delivery-campaign.ts";

export const deliveryPausedSubscriber = deliveryCampaign({
  name: "delivery-paused-subscriber",
  title: "A subscriber is stopped until the server drops it",
  description:
    "One subscriber is stopped (SIGSTOP) while messages of up to 1 MiB go on. The server keeps them for it until its output buffer is full (client-output-buffer-limit), and then closes the connection and throws them away. Nobody has told the subscriber of that when it goes on.",
  suite: "nightly",
  system: { kind: "single", options: { config: ["client-output-buffer-limit pubsub 4mb 0 0"] } },
  lanes: [
    { delivery: "subscribe", breaks: ["no-loss", "no-loss-unknown-to-app"] },
    {
      delivery: "never-resubscribes",
      breaks: ["no-loss", "no-loss-unknown-to-app", "recovers"],
      mayBreak: ["no-loss-connected"],
    },
  ],
  publisher: { everyMs: 30, maxBytes: 2 ** 20 },
  loadMs: 24_000,
  settleMs: 1_000,
  faults: (lane, random) => [
    {
      id: lane.fault("pause"),
      kind: "pause",
      options: { target: lane.consumers[0] ?? "" },
      start: { afterMs: random.integer(800, 1_200) },
      // More than all buffers on the way take in.
      end: { at: { worker: lane.publishers[0] ?? "", point: "before-publish", occurrence: 80 } },
    },
  ],
  claims: (lane) => ({ recovery: { afterFault: lane.fault("pause"), boundMs: 5_000 } }),
});

export const deliveryDelays = deliveryCampaign({
  name: "delivery-delays",
  title: "Messages are due later, and a consumer dies",
  description:
    "Messages are due up to a second after they are sent, and one consumer of three is killed between its work and the acknowledgement. None may come before it is due, nor long after, and what the dead consumer had is dealt with by another one.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  lanes: [{ delivery: "delayed-zset" }, { delivery: "ignores-due-times", breaks: ["on-time"] }],
  consumers: 3,
  publisher: { everyMs: 10, maxDelayMs: 1_000 },
  loadMs: 4_000,
  settleMs: 1_000,
  faults: (lane, random) => [
    {
      id: lane.fault("worked"),
      kind: "kill",
      options: { target: lane.consumers[0] ?? "" },
      start: { at: { worker: lane.consumers[0] ?? "", point: "worked", occurrence: random.integer(10, 20) } },
    },
  ],
});
