/** What a run tells those who watch it. Nothing in a run depends on who listens. */
import type { FaultMoment, Phase } from "../history/nemesis-event.ts";

export type Progress =
  | { readonly kind: "phase"; readonly phase: Phase }
  | { readonly kind: "fault"; readonly moment: FaultMoment }
  /** Totals since the start of the load, a few times a second. */
  | {
      readonly kind: "operations";
      readonly ok: number;
      readonly fail: number;
      readonly info: number;
      readonly perSecond: number;
    }
  /** Something that the user should read, such as where the nodes' logs are. */
  | { readonly kind: "note"; readonly text: string };

export type Observer = (progress: Progress) => void;
