import { expect, it } from "vitest";
import { connectionOptions } from "../../../workloads/clients/profiles.ts";

it("a raw client does not wait for a second where a server was still loading its data when it asked", () => {
  expect(connectionOptions("raw", 1_000).maxLoadingRetryTime).toBeLessThanOrEqual(50);
  expect(connectionOptions("app", 1_000).maxLoadingRetryTime).toBeUndefined();
});
