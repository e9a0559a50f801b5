/** A starting point of `redquake init`. */

export interface AdapterTemplate {
  /** When to take it, after a colon. */
  readonly when: string;
  /** The packages of npm that it imports. */
  readonly packages: readonly string[];
  readonly text: string;
  /** The adapter's file, in the project's folder. */
  readonly file: string;
}
