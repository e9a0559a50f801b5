/**
 * What is wrong with an adapter is said before any server is started: the file, the problem, its own stack, and what to
 * do.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adapterFolder } from "../../../support/adapters.ts";
import { redquake } from "../../redquake.ts";

const CASES: readonly (readonly [string, string, string, readonly RegExp[]])[] = [
  ["a syntax error", "lock.mjs", "const a = ;", [/does not load/, /lock\.mjs:1\n/, /SyntaxError/]],
  ["a syntax error in TypeScript", "lock.ts", "const a: number = ;", [/does not load/, /lock\.ts:1\n/]],
  [
    "a package that is not installed",
    "lock.ts",
    `import x from "@some/lock"; export default x;`,
    [/does not load/, /Cannot find package '@some\/lock'/, /cd \S+ && npm install @some\/lock/],
  ],
  [
    "a type that is imported as a value",
    "lock.ts",
    `import { AbortSignal as Type } from "node:fs"; export default Type;`,
    [/does not provide an export/, /import type/],
  ],
  ["TypeScript that cannot be stripped", "lock.ts", "enum A { B }", [/enum is not supported/, /only removes types/]],
  ["no export", "lock.mjs", "export const lock = 1;", [/exports no adapter/, /export `adapter`/]],
  ["a method that is missing", "lock.mjs", `export default { name: "x" };`, [/it lacks `open`/]],
  ["a name that is missing", "lock.mjs", `export default { open() {} };`, [/it lacks `name`/]],
  [
    "nonsense in a field",
    "lock.mjs",
    `export default { name: "x", servers: "two", open() {} };`,
    [/its `servers` is "two"/],
  ],
  ["an error while it loads", "lock.mjs", `throw new Error("no luck");`, [/no luck\n\s+at .*lock\.mjs:1/]],
  ["process.exit", "lock.mjs", "process.exit(3);", [/calls process\.exit\(3\)/, /at .*lock\.mjs:1/]],
  [
    "a crash while it loads",
    "lock.mjs",
    `process.kill(process.pid, "SIGABRT"); await new Promise(() => setInterval(() => undefined, 1_000));`,
    [/lock\.mjs has ended its process \(SIGABRT\)/],
  ],
  ["a file of another kind", "lock.txt", "lock", [/has the extension "\.txt"/]],
  ["a description without a command", "lock.json", `{"cmd": "x"}`, [/does not describe a command/, /my_lock\.py/]],
];

describe("an adapter with", () => {
  it.each(CASES)("%s", async (_, name, text, expected) => {
    using adapters = adapterFolder();
    adapters.file(name, text);
    const { code, stdout, stderr } = await redquake(["campaigns", "lock-simple", "--adapter", `./${name}`], {
      cwd: adapters.folder,
    });
    for (const each of expected) expect(stderr).toMatch(each);
    expect({ code, stdout }).toEqual({ code: 254, stdout: "" });
    expect(existsSync(join(adapters.folder, "results"))).toBe(false);
  });

  it("no file", async () => {
    const { code, stderr } = await redquake(["adapter-test", "./none.ts"]);
    expect(code).toBe(254);
    expect(stderr).toMatch(
      /\.\/none\.ts is neither a file \(there is no \S+none\.ts\) nor the name of an adapter that redquake/,
    );
  });

  it("a mistyped path or name: what is nearest is named, and no other", async () => {
    using adapters = adapterFolder();
    adapters.file("my-lock.mjs", "");
    adapters.file("other.mjs", "");
    const path = await redquake(["adapter-test", "./my-lok.mjs"], { cwd: adapters.folder });
    expect(path).toMatchObject({ code: 254, stdout: "" });
    expect(path.stderr).toMatch(/did you mean \.?\/?my-lock\.mjs\?\n.*docs\/adapters\.md has the names$/m);
    expect(path.stderr.trimEnd().split("\n")).toHaveLength(2);
    const name = await redquake(["campaigns", "lock-simple", "--adapter", "redlok@4.2.0"], { cwd: adapters.folder });
    expect(name.stderr).toMatch(/did you mean redlock@4\.2\.0\?/);
  });

  it("a command that does not exist, or does not speak the protocol", async () => {
    const absent = await redquake(["adapter-test", "command: no-such-command"]);
    expect(absent).toMatchObject({ code: 254 });
    expect(absent.stderr).toMatch(/"no-such-command" has ended \(exit code 127\)/);
    const chatty = await redquake(["adapter-test", "command: echo hello"]);
    expect(chatty).toMatchObject({ code: 254 });
    expect(chatty.stderr).toMatch(/writes "hello" to its standard output, which is for JSON lines only/);
  });
});

describe("a project of CommonJS, as npm init writes it", () => {
  it.each([
    ["TypeScript", "lock.ts", `import { name } from "./named.ts"; export default { name, open() {} };`],
    ["JavaScript", "lock.js", `import { name } from "./named.ts"; export default { name, open() {} };`],
    ["CommonJS", "lock.cjs", `const { name } = require("./named.ts"); exports.adapter = { name, open() {} };`],
    [
      "CommonJS in TypeScript",
      "lock.ts",
      `const text: string = require("./old.ts"); exports.adapter = { name: text, open() {} };`,
    ],
  ])("may have an adapter that is written as a module: %s", async (_, name, text) => {
    using adapters = adapterFolder();
    adapters.file("package.json", `{ "type": "commonjs" }`);
    adapters.file("named.ts", `export const name: string = "from a module";`);
    adapters.file("old.ts", `const text: string = "from a module"; module.exports = text;`);
    adapters.file(name, text);
    // It is loaded, and then found to open nothing.
    const { stderr } = await redquake(["adapter-test", `./${name}`], { cwd: adapters.folder });
    expect(stderr).not.toMatch(/Warning|does not load/);
    expect(stderr).toMatch(/open\(\)/);
  });
});

describe("campaigns that do not suit an adapter", () => {
  it("are named, and refused when none is left", async () => {
    using adapters = adapterFolder();
    const lock = adapters.file("lock.cjs", `module.exports = { name: "x@1", servers: "majority", open() {} };`);
    const some = await redquake(["campaigns", "locks", "--adapter", lock, "--list"]);
    expect(some.stderr).toMatch(/x@1 is for independent: not applicable to lock-simple, /);
    expect(some.stdout).toMatch(/^redlock-minority-down /m);
    expect(some.stdout).not.toMatch(/^(?:lock-simple|streams)/m);
    const none = await redquake(["campaigns", "lock-simple", "--adapter", lock]);
    expect(none).toMatchObject({ code: 254 });
    expect(none.stderr).toMatch(/cannot be put through lock-simple/);
    const other = await redquake(["campaigns", "pubsub-reconnect", "--adapter", lock]);
    expect(other.stderr).toMatch(/--adapter is for campaigns of locks/);
  });
});
