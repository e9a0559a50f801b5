/** The contract of whatever tells a cache of changes in the store: messages, or the server's tracking. */

export interface Source {
  /** Whether every change is heard of, as far as it knows. */
  readonly isInForce: boolean;
  /** Resolves when it is in force for the first time. */
  readonly ready: Promise<void>;
  end(): void;
}

export interface Listener {
  /** A key was written; every key, where none is named. */
  changed(key?: string): void;
  /** From now on changes may be missed. */
  lost(): void;
  /** Changes are heard of again. */
  back?(): void;
}
