/**
 * What an anomaly rules out. Two graphs: which anomaly is a special case of another one (Adya, "Weak Consistency",
 * 1999; Elle), and which consistency model forbids which anomalies and is stronger than which others (Adya; Cerone,
 * Bernardi and Gotsman 2015; Daudjee and Salem 2006; Viotti and Vukolić 2016; Elle's lattice). An anomaly rules out
 * every model that forbids it, or something that it is a case of, and all models stronger than those.
 */
import { CYCLE_NAMES } from "./graph/cycle.ts";

export type ConsistencyModel = string;

/** Each of these anomalies is a case of those on its right. */
const CASES: { readonly [anomaly: string]: readonly string[] } = {
  G0: ["G1c"],
  G1a: ["G1"],
  G1b: ["G1"],
  G1c: ["G1"],
  "G-single": ["G-nonadjacent"],
  "G-nonadjacent": ["G2-item"],
  "G2-item": ["G2"],
  "lost-update": ["G2-item"],
  "incompatible-order": ["G1a"],
  "dirty-update": ["G1a"],
  "future-read": ["G1c"],
  "garbage-read": ["G1a"],
};

interface ModelEntry {
  readonly forbids?: readonly string[];
  /** The models right below it. */
  readonly above?: readonly ConsistencyModel[];
}

const MODELS: { readonly [model: ConsistencyModel]: ModelEntry } = {
  "read-uncommitted": { forbids: ["G0", "duplicate-elements", "cyclic-versions", "garbage-read"] },
  "read-committed": { forbids: ["G1"], above: ["read-uncommitted"] },
  "cursor-stability": { forbids: ["lost-update"], above: ["read-committed"] },
  "monotonic-view": { above: ["read-committed"] },
  "monotonic-snapshot-read": { above: ["read-committed"] },
  "monotonic-atomic-view": { above: ["read-committed"] },
  "consistent-view": { forbids: ["G-single"], above: ["cursor-stability", "monotonic-view"] },
  "forward-consistent-view": { above: ["consistent-view"] },
  "update-serializable": { above: ["forward-consistent-view"] },
  "read-atomic": { forbids: ["internal", "G1a", "future-read"], above: ["monotonic-atomic-view"] },
  "causal-cerone": { forbids: ["internal", "G1a"], above: ["read-atomic"] },
  prefix: { forbids: ["internal", "G1a"], above: ["causal-cerone"] },
  "update-atomic": { forbids: ["lost-update"], above: ["read-atomic"] },
  "parallel-snapshot-isolation": { forbids: ["internal", "G1a"], above: ["causal-cerone", "update-atomic"] },
  "snapshot-isolation": {
    forbids: ["internal", "G1", "G-nonadjacent"],
    above: [
      "forward-consistent-view",
      "monotonic-atomic-view",
      "monotonic-snapshot-read",
      "parallel-snapshot-isolation",
      "prefix",
    ],
  },
  "repeatable-read": {
    forbids: ["G2-item", "lost-update"],
    above: ["cursor-stability", "monotonic-atomic-view"],
  },
  serializable: {
    forbids: ["internal", "G2"],
    above: ["repeatable-read", "snapshot-isolation", "update-serializable"],
  },
  "strong-session-read-uncommitted": { forbids: ["G0-process"], above: ["read-uncommitted"] },
  "strong-read-uncommitted": { forbids: ["G0-realtime"], above: ["strong-session-read-uncommitted"] },
  "strong-session-read-committed": {
    forbids: ["G1c-process"],
    above: ["read-committed", "strong-session-read-uncommitted"],
  },
  "strong-read-committed": {
    forbids: ["G1c-realtime"],
    above: ["strong-session-read-committed", "strong-read-uncommitted"],
  },
  "strong-session-snapshot-isolation": {
    forbids: ["G-nonadjacent-process"],
    above: ["snapshot-isolation", "strong-session-read-committed", "causal"],
  },
  "strong-snapshot-isolation": {
    forbids: ["G-nonadjacent-realtime"],
    above: ["strong-session-snapshot-isolation", "strong-read-committed"],
  },
  "strong-session-serializable": {
    forbids: ["G2-item-process"],
    above: ["serializable", "strong-session-snapshot-isolation", "sequential"],
  },
  "strict-serializable": {
    forbids: ["G2-item-realtime"],
    above: ["strong-session-serializable", "strong-snapshot-isolation", "linearizable"],
  },
  "monotonic-reads": { forbids: ["monotonic-reads-violation"] },
  "monotonic-writes": { forbids: ["monotonic-writes-violation"] },
  "read-your-writes": { forbids: ["read-your-writes-violation"] },
  "writes-follow-reads": { forbids: ["writes-follow-reads-violation"] },
  PRAM: { above: ["monotonic-reads", "monotonic-writes", "read-your-writes"] },
  causal: { above: ["PRAM", "writes-follow-reads"] },
  sequential: { above: ["causal"] },
  linearizable: { above: ["sequential"] },
};

/** Other names for them. */
const ALIASES: { readonly [name: string]: ConsistencyModel } = {
  "PL-1": "read-uncommitted",
  "PL-2": "read-committed",
  "PL-CS": "cursor-stability",
  "PL-2L": "monotonic-view",
  "PL-MSR": "monotonic-snapshot-read",
  "PL-2+": "consistent-view",
  "PL-FCV": "forward-consistent-view",
  "PL-3U": "update-serializable",
  "PL-SI": "snapshot-isolation",
  SI: "snapshot-isolation",
  "PL-2.99": "repeatable-read",
  "PL-3": "serializable",
  "PL-SS": "strict-serializable",
  "strong-session-PL-1": "strong-session-read-uncommitted",
  "strong-PL-1": "strong-read-uncommitted",
  "strong-session-PL-2": "strong-session-read-committed",
  "strong-PL-2": "strong-read-committed",
  "strong-session-SI": "strong-session-snapshot-isolation",
  "strong-SI": "strong-snapshot-isolation",
  "strong-serializable": "strict-serializable",
  "causal-consistency": "causal",
  pram: "PRAM",
};

/** The names of all consistency models. */
export const CONSISTENCY_MODELS: readonly ConsistencyModel[] = Object.keys(MODELS);

/**
 * The model of that name, or of that other name.
 * @throws TypeError when there is none.
 */
export function consistencyModel(name: unknown): ConsistencyModel {
  if (typeof name === "string") {
    if (Object.hasOwn(MODELS, name)) return name;
    if (Object.hasOwn(ALIASES, name)) return ALIASES[name] as ConsistencyModel;
  }
  throw new TypeError(
    `consistencyModel is ${JSON.stringify(name)}; it must be one of ${CONSISTENCY_MODELS.join(", ")} (or ${Object.keys(ALIASES).join(", ")})`,
  );
}

const cycleNames: ReadonlySet<string> = new Set(CYCLE_NAMES);

/** What an anomaly is a case of, itself included. */
function cases(anomaly: string): ReadonlySet<string> {
  const found = new Set<string>([anomaly]);
  for (const each of found) {
    const base = each.replace(/-(process|realtime)$/, "");
    const suffix = each.slice(base.length);
    for (const wider of CASES[base] ?? []) if (suffix === "" || cycleNames.has(wider)) found.add(wider + suffix);
    // Without an order it is also one with more.
    if (cycleNames.has(base) && suffix === "") found.add(`${base}-process`);
    if (cycleNames.has(base) && suffix === "-process") found.add(`${base}-realtime`);
  }
  return found;
}

/** The models that an anomaly rules out. */
export function ruledOutBy(anomaly: string): ReadonlySet<ConsistencyModel> {
  const known = ruledOut.get(anomaly);
  if (known !== undefined) return known;
  const wider = cases(anomaly);
  const found = new Set<ConsistencyModel>();
  for (const [model, { forbids = [] }] of Object.entries(MODELS))
    if (forbids.some((each) => wider.has(each))) found.add(model);
  for (const model of found) for (const stronger of rightAbove(model)) found.add(stronger);
  ruledOut.set(anomaly, found);
  return found;
}

const ruledOut = new Map<string, ReadonlySet<ConsistencyModel>>();

function rightAbove(model: ConsistencyModel): ConsistencyModel[] {
  return CONSISTENCY_MODELS.filter((each) => MODELS[each]?.above?.includes(model) === true);
}

/** Those of the models that are not stronger than another one of them. */
export function weakest(models: ReadonlySet<ConsistencyModel>): ConsistencyModel[] {
  return [...models].filter((model) => ![...below(model)].some((each) => models.has(each)));
}

/** The models that are weaker than this one. */
function below(model: ConsistencyModel): Set<ConsistencyModel> {
  const found = new Set<ConsistencyModel>(MODELS[model]?.above);
  for (const each of found) for (const weaker of MODELS[each]?.above ?? []) found.add(weaker);
  return found;
}
