import { describe, expect, it } from "vitest";
import { parseCount, parseDuration, parseSeed, parseShard, parseToxiproxy } from "../../../cli/options/arguments.ts";
import { toxiproxyText } from "../../../session/servers/toxiproxy-words.ts";

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["20s", 20_000],
    ["1.5s", 1_500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["1000h", 3_600_000_000],
  ])("reads %s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(["20", "s", "-1s", "1 s", "0s", "1e3ms", ""])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow(/500ms/);
  });
});

describe("a duration of more than a hundred years", () => {
  it.each(["876601h", `${"9".repeat(400)}h`])("is refused: %s", (text) => {
    expect(() => parseDuration(text)).toThrow(/A duration (?:must be at most 876600h|is a number)/);
  });
});

describe("parseSeed", () => {
  it("reads every seed of 32 bits", () => {
    expect([parseSeed("0"), parseSeed("42"), parseSeed("4294967295")]).toEqual([0, 42, 4_294_967_295]);
  });

  it.each(["4294967296", "-1", "1.5", "0x10", "x", ""])("refuses %j", (text) => {
    expect(() => parseSeed(text)).toThrow(/whole number from 0 to 4294967295/);
  });
});

describe("parseCount", () => {
  it("reads whole numbers from 1", () => {
    expect(parseCount("12")).toBe(12);
  });

  it.each(["0", "-1", "1.5", "many"])("refuses %j", (text) => {
    expect(() => parseCount(text)).toThrow(/whole number from 1/);
  });
});

describe("parseShard", () => {
  it("reads i/n", () => {
    expect(parseShard("2/3")).toEqual({ index: 2, of: 3 });
  });

  it.each(["0/3", "4/3", "1", "1/0", "a/b"])("refuses %j", (text) => {
    expect(() => parseShard(text)).toThrow(/i\/n/);
  });
});

describe("parseToxiproxy", () => {
  it.each([
    ["embedded", { kind: "embedded" }],
    ["http://127.0.0.1:8474", { kind: "url", url: "http://127.0.0.1:8474" }],
    ["http://localhost:8474/", { kind: "url", url: "http://localhost:8474" }],
    ["toxiproxy", { kind: "image", image: "toxiproxy" }],
    ["ghcr.io/shopify/toxiproxy:2.12.0", { kind: "image", image: "ghcr.io/shopify/toxiproxy:2.12.0" }],
    ["localhost:5000/toxiproxy", { kind: "image", image: "localhost:5000/toxiproxy" }],
  ])("reads %s", (text, choice) => {
    expect(parseToxiproxy(text)).toEqual(choice);
    expect(parseToxiproxy(toxiproxyText(parseToxiproxy(text)))).toEqual(choice);
  });

  it.each(["http://", "http://127.0.0.1:8474/proxies", "http://h:1/?a", "two words", ""])("refuses %j", (text) => {
    expect(() => parseToxiproxy(text)).toThrow(/an image such as/);
  });

  it("knows an address that lacks its scheme", () => {
    expect(() => parseToxiproxy("127.0.0.1:8474")).toThrow(/http:\/\/127\.0\.0\.1:8474/);
  });
});
