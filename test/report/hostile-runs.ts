/** A folder of stored runs such as a stranger could send: each is a sound run in which one thing is hostile. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Json } from "../../history/operation.ts";
import { lockRun, storeRun } from "./lock-run.ts";

/** Not that of the runs: so no run lies among others, and the list of all is not made for each. */
const CAMPAIGN = "strangers";
/** What no terminal may get: clears the screen, rings, turns the writing around, goes to another line. */
const CONTROLS = "\u001b[2J\u001b]0;title\u0007\u009b31m\u202e\u2066\r\nresults/other: passed: all is well\u0000\u007f";
/** After all events of a sound run. */
const LATE_NS = 60e9;
const MEGABYTE = "m".repeat(1_000_000);

export interface HostileRun {
  /** Its name, which says what is hostile. */
  readonly name: string;
  readonly folder: string;
}

interface Documents {
  readonly plan: { [field: string]: unknown };
  readonly run: { [field: string]: unknown };
  readonly verdict: { [field: string]: unknown };
  /** JSON lines, or other bytes. */
  history: string | Buffer;
}

/** What is done to a sound run: to its documents before they are written, or to its folder after. */
interface Hostility {
  readonly documents?: (documents: Documents) => void;
  readonly files?: (folder: string, outside: string) => void;
}

const FILES = ["run.json", "plan.json", "history.jsonl", "verdict.json", "report.html"] as const;

/** JSON, as no writer of ours would make it. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const deep = (depth: number): Raw => new Raw("[".repeat(depth) + "]".repeat(depth));

function replaced(file: string, how: (path: string, outside: string) => void): Hostility["files"] {
  return (folder, outside) => {
    rmSync(join(folder, file), { force: true });
    how(join(folder, file), outside);
  };
}

function line(fields: { readonly [field: string]: unknown }): string {
  return `${text({ process: 0, time: LATE_NS, type: "invoke", f: "acquire", value: "lock:1", ...fields })}\n`;
}

function text(value: unknown): string {
  const raws: string[] = [];
  const marked = JSON.stringify(value, (_, each: unknown) =>
    each instanceof Raw ? `raw:${raws.push(each.text) - 1}` : each,
  );
  return marked.replaceAll(/"raw:(\d+)"/g, (_, i: string) => raws[Number(i)] ?? "");
}

/** What a field must not be. */
const WRONG: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["a number", -1.5],
  ["infinite", new Raw("1e999")],
  ["a text", "x"],
  ["a list", [1]],
  ["an object", { a: 1 }],
  ["deep", deep(100_000)],
];

const FIELDS = {
  plan: ["version", "campaign", "seed", "system", "options", "workers", "loadMs", "faults", "claims"],
  run: ["campaign", "seed", "durationMs", "startedAt", "clientLibraries"],
  verdict: ["campaign", "outcome", "claims", "doubts"],
} as const;

const HOSTILITIES: { readonly [name: string]: Hostility } = {
  ...Object.fromEntries(
    FILES.flatMap((file) => [
      [`${file} is a link`, { files: replaced(file, (path, outside) => symlinkSync(join(outside, "precious"), path)) }],
      [
        `${file} is a link to nothing`,
        { files: replaced(file, (path, outside) => symlinkSync(join(outside, "absent"), path)) },
      ],
      [`${file} is a link to an endless device`, { files: replaced(file, (path) => symlinkSync("/dev/zero", path)) }],
      [`${file} is a named pipe`, { files: replaced(file, (path) => execFileSync("mkfifo", [path])) }],
      [`${file} is a folder`, { files: replaced(file, (path) => mkdirSync(path)) }],
      [`${file} is empty`, { files: replaced(file, (path) => writeFileSync(path, "")) }],
      [`${file} is noise`, { files: replaced(file, (path) => writeFileSync(path, randomBytes(100_000))) }],
      [
        `${file} is a hole of 100 GB`,
        { files: (folder) => (writeFileSync(join(folder, file), ""), truncateSync(join(folder, file), 100e9)) },
      ],
      [`${file} is deep`, { files: replaced(file, (path) => writeFileSync(path, deep(5_000_000).text)) }],
    ]),
  ),
  "logs lead elsewhere": {
    files: (folder, outside) => {
      mkdirSync(join(folder, "logs"));
      symlinkSync(join(outside, "precious"), join(folder, "logs", "n1.log"));
      symlinkSync(outside, join(folder, "logs", "all"));
      execFileSync("mkfifo", [join(folder, "logs", "pipe")]);
    },
  },
  "history is 1 GiB of zeros in gzip": {
    // gzip files can be put one after the other.
    documents: (all) => {
      const member = gzipSync(Buffer.alloc(16 * 2 ** 20));
      all.history = Buffer.concat(Array.from({ length: 64 }, () => member));
    },
  },
  "history is 4 GiB of line ends in gzip": {
    documents: (all) => {
      const member = gzipSync(Buffer.alloc(16 * 2 ** 20, "\n"));
      all.history = Buffer.concat(Array.from({ length: 256 }, () => member));
    },
  },
  "history is EDN of a million discards": {
    documents: (all) => (all.history = `[{:process 0, :value ${"#_ ".repeat(1_000_000)}`),
  },
  "history is EDN of a million tags": {
    documents: (all) => (all.history = `{:process 0, :value ${"#a ".repeat(1_000_000)}`),
  },
  "history is EDN of a million metadata": {
    documents: (all) => (all.history = `{:process 0, :value ${"^ ".repeat(1_000_000)}`),
  },
  "history is EDN that is deep": { documents: (all) => (all.history = `{:process 0, :value ${"[".repeat(100_000)}`) },
  "history has a deep value": { documents: (all) => (all.history = line({ value: deep(100_000) })) },
  "history has a value as deep as can be": {
    documents: (all) => (all.history += line({ process: 99, value: deep(499) })),
  },
  "history has a number of a million digits": {
    documents: (all) => (all.history += line({ process: 99, value: new Raw("9".repeat(1_000_000)) })),
  },
  "history has huge numbers": {
    documents: (all) =>
      (all.history +=
        line({ process: 2 ** 53 - 1, time: 1e300 }) +
        line({
          process: 2 ** 53 - 1,
          time: 1e301,
          type: "ok",
          attempts: 2 ** 53 - 1,
          value: { key: "k", grant: "g", validForMs: 1e300, token: 1e300 },
        })),
  },
  "history has an infinite time": { documents: (all) => (all.history = line({ time: new Raw("1e999") })) },
  "history has long texts": {
    documents: (all) => (all.history += line({ process: 99, f: MEGABYTE, worker: MEGABYTE, value: MEGABYTE })),
  },
  "history has control characters": {
    documents: (all) =>
      (all.history += line({
        process: 99,
        f: CONTROLS,
        worker: CONTROLS,
        node: CONTROLS,
        value: { key: CONTROLS, [CONTROLS]: CONTROLS },
      })),
  },
  "history has prototypes": {
    documents: (all) =>
      (all.history += line({ process: 99, value: new Raw('{"__proto__":{"key":"x"},"constructor":1}') })),
  },
  "history has odd faults": {
    documents: (all) =>
      (all.history += [
        {
          process: "nemesis",
          type: "info",
          f: "pause",
          value: { fault: "pause", stage: "healed", target: [CONTROLS], title: CONTROLS },
        },
        { process: "nemesis", type: "info", f: "cut-short", value: { reason: CONTROLS } },
        { process: "nemesis", type: "info", f: "phase", value: { phase: "load", atMs: "x" } },
        { process: "nemesis", type: "info", f: "links", value: { links: 5, failed: [CONTROLS] } },
      ]
        .map((event) => line(event))
        .join("")),
  },
  "history has a cut that says nothing": {
    documents: (all) => (all.history += line({ process: "nemesis", type: "info", f: "cut-short", value: null })),
  },
  "history is cut off": { documents: (all) => (all.history = all.history.toString().slice(0, -20)) },
  "plan has names that lead elsewhere": {
    documents: ({ plan }) => {
      plan["campaign"] = "../../../elsewhere";
      plan["workers"] = [{ name: "../../w1", role: "client", seed: 1, options: {} }];
    },
  },
  "plan has a long campaign": { documents: ({ plan }) => (plan["campaign"] = MEGABYTE) },
  "plan has prototypes": {
    documents: ({ plan }) =>
      (plan["options"] = new Raw('{"__proto__":{"adapter":{"kind":"command"}},"constructor":"x"}')),
  },
  "plan has an unknown checker": { documents: ({ plan }) => claimsWith(plan, { checker: CONTROLS }) },
  "plan has a checker of objects": { documents: ({ plan }) => claimsWith(plan, { checker: "__proto__" }) },
  "plan has wrong options of a checker": {
    documents: ({ plan }) => claimsWith(plan, { options: { level: { a: [CONTROLS] }, byKey: -1, boundMs: "x" } }),
  },
  "plan has control characters": {
    documents: ({ plan }) => {
      for (const field of ["title", "description", "workload"]) plan[field] = CONTROLS;
      claimsWith(plan, { id: CONTROLS, statement: CONTROLS, source: `javascript:${CONTROLS}\ud800` });
    },
  },
  "run has control characters": {
    documents: ({ run }) => {
      for (const [field, value] of Object.entries(run))
        if (typeof value === "string" && !["campaign", "host", "profile"].includes(field)) run[field] = CONTROLS;
      run["lock"] = CONTROLS;
    },
  },
  "verdict has control characters": {
    documents: ({ verdict }) => {
      verdict["sentence"] = CONTROLS;
      verdict["doubts"] = [CONTROLS];
      verdict["outcome"] = "failed";
    },
  },
  "verdict points at events that are not there": {
    documents: ({ verdict }) => {
      verdict["outcome"] = "failed";
      for (const { claim, result } of verdict["claims"] as {
        claim: { [name: string]: Json };
        result: { [name: string]: Json };
      }[]) {
        claim["standing"] = "promised";
        claim["source"] = "https://example.org/\ud800";
        result["verdict"] = "broken";
        result["findings"] = [{ kind: CONTROLS, sentence: CONTROLS, events: [-1, 1.5, 1e15, 0, 0, 3] }];
      }
    },
  },
  ...Object.fromEntries(
    Object.entries(FIELDS).flatMap(([document, fields]) =>
      fields.flatMap((field) =>
        WRONG.map(([what, value]) => [
          `the ${field} of ${document} is ${what}`,
          { documents: (all: Documents) => (all[document as keyof typeof FIELDS][field] = value) },
        ]),
      ),
    ),
  ),
};

function claimsWith(plan: Documents["plan"], fields: object): void {
  plan["claims"] = (plan["claims"] as object[]).map((claim) => ({ ...claim, ...fields }));
}

/** @param outside a folder with a file `precious`, in which nothing may be changed */
export async function makeHostileRuns(results: string, outside: string): Promise<HostileRun[]> {
  const runs: HostileRun[] = [];
  let minute = 0;
  for (const [name, { documents, files }] of Object.entries(HOSTILITIES)) {
    minute += 1;
    const at = `T${String(Math.floor(minute / 60)).padStart(2, "0")}-${String(minute % 60).padStart(2, "0")}`;
    const folder = join(results, CAMPAIGN, `2026-11-25${at}-00-000Z-${minute}`);
    const { run, plan, verdict, history } = lockRun({ seed: 1, workers: 2, keys: 1, loadMs: 1_500 }, folder);
    const all: Documents = {
      run: { ...run },
      plan: {
        ...plan,
        claims: plan.claims.map((claim) => ({ ...claim, checker: "lock-overlap", options: { level: "grant" } })),
      },
      verdict: structuredClone({ ...verdict }) as Documents["verdict"],
      history: history.events.map((event) => `${JSON.stringify({ ...event, index: undefined })}\n`).join(""),
    };
    documents?.(all);
    mkdirSync(folder, { recursive: true });
    for (const document of ["run", "plan", "verdict"] as const)
      writeFileSync(join(folder, `${document}.json`), text(all[document]));
    writeFileSync(join(folder, "history.jsonl"), all.history);
    files?.(folder, outside);
    runs.push({ name, folder });
  }
  const sound = lockRun({ seed: 7, workers: 2, keys: 1, loadMs: 1_500 }, join(results, CAMPAIGN, SOUND));
  await storeRun({ ...sound, plan: { ...sound.plan, claims: [] } });
  return runs;
}

/** The name of the one run that is as it should be. */
export const SOUND = "2026-11-26T00-00-00-000Z-7";
