/** What a matcher tells vitest. */
export interface MatcherOutcome {
  readonly pass: boolean;
  /** The failure's message, be it of the expectation or of its opposite. */
  readonly message: () => string;
}
