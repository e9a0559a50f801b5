import { describe, expect, it } from "vitest";
import { html, trusted } from "../../report/markup.ts";

describe("html", () => {
  it("escapes everything but markup", () => {
    const hostile = `</script><img src=x onerror="alert('1')">&`;
    expect(html`<b title="${hostile}">${hostile}${trusted("<i>")}${html`<u>${"<"}</u>`}</b>`.text).toBe(
      `<b title="&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">` +
        `&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;<i><u>&lt;</u></b>`,
    );
  });

  it("joins lists and leaves out what is undefined", () => {
    expect(html`${[1, "a", undefined, html`<br />`]}${undefined}`.text).toBe("1a<br />");
  });

  it("makes invisible characters visible", () => {
    expect(html`${"a\u0000b\u001bc\u2028d\u202ee\u007ff\ud800g"}`.text).toBe(
      "a\u2400b\u241bc[U+2028]d[U+202E]e\u2421f\ufffdg",
    );
    expect(html`${"tab\tand\nline, é, 锁, 🔒"}`.text).toBe("tab\tand\nline, é, 锁, 🔒");
  });
});
