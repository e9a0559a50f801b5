/** What becomes of commands whose connection is lost, held up or closed. */
import type { DeclaredFault } from "../declare/declare.ts";
import { noDuplicate, noGhost, once, recovers, refusedNothing, settles } from "./claims.ts";
import { clientCampaign } from "./lanes.ts";

const SINGLE = { kind: "single", options: {} } as const;
/** All keys with all commands in one tick. */
const BURST = { load: "burst", size: 18, commands: ["RPUSH", "XADD", "INCR"] } as const;
/** For a client library to connect again, and for a machine that is busy. */
const RECONNECT_MS = 5_000;
/** How long the client under test waits for a reply. */
const GIVE_UP_MS = 400;

export const clientLostReply = clientCampaign({
  name: "client-lost-reply",
  title: "Replies are lost, and then the connection",
  description:
    "A client has sent a burst of commands, and the server has carried them out. The replies vanish, and the connection is reset. What the client tells its callers, and whether it sends the same again, is its own choice: they may be told that nobody knows, but nothing may happen twice.",
  suite: "standard",
  system: SINGLE,
  clients: ["raw", "resends", "swallows-errors", "never-settles", "calls-lost-refused"],
  options: { ...BURST, everyMs: 20 },
  loadMs: 9_500,
  settleMs: 500,
  faults: (lane, random): readonly DeclaredFault[] => [
    {
      id: lane.fault("reply-lost"),
      kind: "link",
      options: { from: lane.caller, to: "n1", how: "lose-reply" },
      start: { at: { worker: lane.caller, point: "before-call", occurrence: random.integer(20, 40) } },
      end: { on: { event: "call", type: "invoke", worker: lane.caller }, afterMs: 300 },
    },
  ],
  claims: (lane) => [
    noDuplicate({ brokenBy: ["resends"] }),
    // A count does not tell what was refused from what succeeded, and who waits for ever succeeds no more.
    once({ brokenBy: ["resends", "swallows-errors"], notOf: ["never-settles", "calls-lost-refused"] }),
    refusedNothing({ brokenBy: ["calls-lost-refused"], notOf: ["resends", "swallows-errors", "never-settles"] }),
    // Who sends again until it succeeds has nothing that failed; nor has who says that all is well.
    noGhost({ brokenByAll: true, notOf: ["resends", "swallows-errors", "calls-lost-refused"] }),
    settles({ brokenBy: ["never-settles"] }),
    recovers({ afterFault: lane.fault("reply-lost"), boundMs: RECONNECT_MS }, { notOf: ["never-settles"] }),
  ],
});

/** Nothing but the length of the delay is different: the client does not give up. */
export const [clientLateRequest, clientHeldRequest] = ([true, false] as const).map((isLate) =>
  clientCampaign({
    name: isLate ? "client-late-request" : "client-held-request",
    title: isLate
      ? "Commands arrive after their callers were told that they failed"
      : "Commands arrive late, and their callers have waited",
    description: isLate
      ? "What a client sends is held up in the network until the client has given up waiting for an answer. Then it arrives and is carried out: effects appear that were reported as failures."
      : "What a client sends is held up in the network for less time than the client waits. It arrives, it is carried out, and its callers are told so.",
    system: SINGLE,
    clients: ["raw"],
    options: { load: "burst", size: 6, everyMs: 20, giveUpMs: isLate ? GIVE_UP_MS : 4 * GIVE_UP_MS },
    reads: { probeEveryMs: 50 },
    loadMs: 8_000,
    settleMs: 500,
    faults: (lane, random): readonly DeclaredFault[] => [
      {
        id: lane.fault("held-up"),
        kind: "link",
        options: { from: lane.caller, to: "n1", how: "hold", direction: "forth" },
        start: { at: { worker: lane.caller, point: "before-call", occurrence: random.integer(20, 40) } },
        end: {
          on: { event: "call", type: "invoke", worker: lane.caller },
          afterMs: isLate ? 3 * GIVE_UP_MS : GIVE_UP_MS / 2,
        },
      },
    ],
    claims: (lane) => [
      once(),
      noDuplicate(),
      settles(),
      ...(isLate ? [noGhost({ brokenByAll: true })] : []),
      recovers({ afterFault: lane.fault("held-up"), boundMs: RECONNECT_MS }),
    ],
  }),
) as [ReturnType<typeof clientCampaign>, ReturnType<typeof clientCampaign>];

export const clientResetBurst = clientCampaign({
  name: "client-reset-burst",
  title: "Connections are reset under bursts of commands",
  description:
    "A client sends hundreds of commands in one tick, again and again, and its connection is reset, and reset again as soon as it is back. Every call must settle, nothing may happen twice, and the client must be back when the resets are over.",
  system: SINGLE,
  clients: ["raw", "never-settles"],
  options: { load: "burst", size: 200, everyMs: 30 },
  loadMs: 10_500,
  settleMs: 500,
  faults: (lane, random): readonly DeclaredFault[] => [
    {
      id: lane.fault("resets"),
      kind: "link",
      options: { from: lane.caller, to: "n1", how: "reset" },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: random.integer(200, 600) },
    },
  ],
  claims: (lane) => [
    once(),
    noDuplicate(),
    settles({ brokenBy: ["never-settles"] }),
    recovers({ afterFault: lane.fault("resets"), boundMs: RECONNECT_MS }, { notOf: ["never-settles"] }),
  ],
});

export const clientBlockingReset = clientCampaign({
  name: "client-blocking-reset",
  title: "The connection of a blocking command is reset",
  description:
    "A client does nothing but wait at the server, one blocking command after the other, and its connection is reset while it waits. It must hear of it, and wait again.",
  system: SINGLE,
  clients: ["raw", "never-settles"],
  options: { load: "blocking", waitSeconds: 0.5, everyMs: 20, deadlineMs: 3_000 },
  loadMs: 12_000,
  settleMs: 500,
  faults: (lane, random): readonly DeclaredFault[] => [
    {
      id: lane.fault("reset"),
      kind: "link",
      options: { from: lane.caller, to: "n1", how: "reset" },
      start: { afterMs: random.integer(1_000, 1_500) },
      // Long enough for the answer to come meanwhile, which is what meets the reset.
      end: { afterMs: 1_000 },
    },
  ],
  claims: (lane) => [
    settles({ brokenBy: ["never-settles"] }),
    recovers({ afterFault: lane.fault("reset"), boundMs: RECONNECT_MS, f: "wait" }, { notOf: ["never-settles"] }),
  ],
});

export const clientControl = clientCampaign({
  name: "client-control",
  title: "Clients without any fault, as fast as they can",
  description:
    "Nothing goes wrong, and bursts follow one another without a pause: what a campaign of clients finds elsewhere is not made by its load.",
  suite: "quick",
  system: SINGLE,
  clients: ["raw"],
  options: { ...BURST, size: 180, everyMs: 0 },
  loadMs: 2_000,
  claims: () => [once(), noDuplicate(), settles()],
});

/** The server is made a replica for a while, and keeps the connections of its clients. */
export const clientDemotedServer = clientCampaign({
  name: "client-demoted-server",
  title: "A server refuses every write for a while",
  description:
    "The only server is made a replica of nobody, and primary again a while later. Connections stay open; meanwhile every write is refused with READONLY. What was refused must not have happened, and the client must go on.",
  system: SINGLE,
  clients: ["raw", "swallows-errors"],
  options: { load: "burst", size: 6, everyMs: 20 },
  loadMs: 9_000,
  settleMs: 500,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "demotion",
      kind: "command",
      options: {
        target: "n1",
        command: ["REPLICAOF", "127.0.0.1", "1"],
        undo: ["REPLICAOF", "NO", "ONE"],
        expect: "OK",
      },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: 1_000 },
    },
  ],
  claims: () => [
    once({ brokenBy: ["swallows-errors"] }),
    noDuplicate(),
    refusedNothing({ notOf: ["swallows-errors"] }),
    settles(),
    recovers({ afterFault: "demotion", boundMs: RECONNECT_MS }),
  ],
});
