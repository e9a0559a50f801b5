import { readPlace, writePlace } from "./address.js";
import { applyTheme, isDark, onThemeChange } from "./theme.js";

/** @type {"light" | "dark" | undefined} */
let theme = readPlace(location.hash)?.theme;
const box = document.getElementById("filter");
const rows = [...document.querySelectorAll("table.runs tbody tr")];
const texts = rows.map((row) => (row.textContent ?? "").toLowerCase());

function filter() {
  const words = box instanceof HTMLInputElement ? box.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
  let shown = 0;
  rows.forEach((row, i) => {
    const matches = words.every((word) => texts[i]?.includes(word));
    row.toggleAttribute("hidden", !matches);
    if (matches) shown += 1;
  });
  const output = document.getElementById("matches");
  if (output !== null) output.textContent = `${shown} of ${rows.length} runs`;
}

function remember() {
  const hash = writePlace({
    time: undefined,
    operation: undefined,
    finding: undefined,
    filter: box instanceof HTMLInputElement ? box.value : "",
    theme,
  });
  history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
}

document.getElementById("theme")?.addEventListener("click", () => {
  theme = isDark() ? "light" : "dark";
  applyTheme(theme);
  remember();
});
onThemeChange(() => applyTheme(theme));
applyTheme(theme);
if (box instanceof HTMLInputElement) {
  box.value = readPlace(location.hash)?.filter ?? "";
  box.addEventListener("input", () => {
    filter();
    remember();
  });
  filter();
}
document.documentElement.dataset["ready"] = "true";
