/** Parts of a history as views of its columns: the same as if the rest had been recorded by the nemesis. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Columns } from "../../../history/columns/columns.ts";
import { columnsOf, eventAt } from "../../../history/columns/columns.ts";
import { onlyOperations } from "../../../history/columns/view.ts";
import { History } from "../../../history/history.ts";
import type { HistoryEvent } from "../../../history/operation.ts";
import { NEMESIS } from "../../../history/operation.ts";
import { arbitraryValues } from "../../checkers/arbitrary-values.ts";

const histories = fc.oneof(arbitraryValues("register"), arbitraryValues("set"));

/** What tells a client's events from all others. */
function whose({ process, partner, length }: Columns): unknown {
  return { process: process.slice(0, length), partner: partner.slice(0, length) };
}

function others(events: readonly HistoryEvent[], isPart: (event: HistoryEvent) => boolean): HistoryEvent[] {
  return events.map((event) => (isPart(event) ? event : { ...event, process: NEMESIS }));
}

describe("a view of some operations", () => {
  it("equals the columns of a history in which all other events are the nemesis's", () => {
    fc.assert(
      fc.property(histories, fc.constantFrom("read", "write", "add"), ({ events }, f) => {
        const columns = columnsOf({ events });
        const view = onlyOperations(columns, (invocation) => columns.names[columns.f[invocation] ?? 0] === f);
        const filtered = columnsOf({ events: others(events, (event) => event.f === f) });
        expect(whose(view)).toEqual(whose(filtered));
      }),
    );
  });

  it("leaves the columns that it is of as they are", () => {
    const [history] = fc.sample(arbitraryValues("set"), 1) as [History];
    const before = whose(history.columns);
    onlyOperations(history.columns, () => false);
    expect(whose(history.columns)).toEqual(before);
  });
});

describe("the columns of some workers", () => {
  it("have the operations of these workers at the places that they have in the whole history", () => {
    fc.assert(
      fc.property(histories, fc.subarray(["w0", "w1", "w2", "w9"]), (history, workers) => {
        const isTheirs = ({ process, worker }: HistoryEvent): boolean =>
          process === NEMESIS || workers.includes(worker ?? "");
        const filtered = columnsOf({ events: others(history.events, isTheirs) });
        const part = history.ofWorkers(workers);
        expect(whose(part.columns)).toEqual(whose(filtered));
        expect(part.events).toEqual(history.events.filter(isTheirs));
        expect(part.ofWorkers(["w1"]).operations).toEqual(
          history.ofWorkers(workers.filter((worker) => worker === "w1")).operations,
        );
      }),
    );
  });
});

describe("a history", () => {
  it("makes its columns once, whatever part of it is asked for", () => {
    const [{ events }] = fc.sample(arbitraryValues("set"), 1) as [History];
    let packed = 0;
    const history = new History({
      events: () => events,
      columns: () => {
        packed += 1;
        return columnsOf({ events });
      },
    });
    expect([history.columns, columnsOf(history)]).toEqual([history.columns, history.columns]);
    expect(history.ofWorkers(["w1"]).columns.tape).toBe(history.ofWorkers(["w2"]).columns.tape);
    expect(packed).toBe(1);
  });

  it("keeps every event whole on the way through columns and back", () => {
    fc.assert(
      fc.property(histories, ({ events }) => {
        const columns = columnsOf({ events });
        expect(events.map((_, i) => eventAt(columns, i))).toEqual(events);
        expect(History.ofColumns(columns).events).toEqual(events);
      }),
    );
  });
});
