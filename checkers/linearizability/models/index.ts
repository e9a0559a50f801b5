/** The models that come with redquake, by their names on the command line. */
import type { AnalysisOptions } from "../../analysis.ts";
import type { Model } from "../model.ts";
import { counter } from "./counter.ts";
import { incrementAndGet } from "./increment-and-get.ts";
import { keyValue } from "./key-value.ts";
import { multiRegister } from "./multi-register.ts";
import { mutex } from "./mutex.ts";
import { fencedMutex, ownerAwareMutex, reentrantFencedMutex, reentrantMutex } from "./owned-mutex.ts";
import { fifoQueue, unorderedQueue } from "./queues.ts";
import { casRegister, register } from "./register.ts";
import { semaphore } from "./semaphore.ts";
import { set } from "./set.ts";
import { uniqueIds } from "./unique-ids.ts";

/** A model for the options of a check. @throws TypeError when they make no sense. */
export type ModelMaker = (options: Pick<AnalysisOptions, "init"> & { readonly limit?: unknown }) => Model<unknown>;

const MODELS = {
  register,
  "cas-register": casRegister,
  "multi-register": multiRegister,
  mutex,
  "owner-aware-mutex": ownerAwareMutex,
  "reentrant-mutex": reentrantMutex,
  "fenced-mutex": fencedMutex,
  "reentrant-fenced-mutex": reentrantFencedMutex,
  set,
  counter,
  "increment-and-get": incrementAndGet,
  "unique-ids": uniqueIds,
  "fifo-queue": fifoQueue,
  "unordered-queue": unorderedQueue,
  "key-value": keyValue,
};

/** The name of a model that takes no options of its own. */
export type PlainModelName = keyof typeof MODELS;

export const PLAIN_MODELS = Object.entries<Model<unknown>>(MODELS) as [PlainModelName, Model<unknown>][];

export const MODEL_MAKERS: ReadonlyMap<string, ModelMaker> = new Map<string, ModelMaker>([
  ...PLAIN_MODELS.map(([name, model]): [string, ModelMaker] => [name, () => model]),
  ["semaphore", ({ limit }) => semaphore(typeof limit === "number" ? limit : NaN)],
]);
