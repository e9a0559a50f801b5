/** What a matcher tells vitest. */
export interface MatcherOutcome {
  readonly pass: boolean;
  /** Of the failure, be it of the expectation or of its opposite. */
  readonly message: () => string;
}
