/** @param {"light" | "dark" | undefined} theme undefined: as the system has it */
export function applyTheme(theme) {
  const root = document.documentElement;
  if (theme === undefined) delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  const button = document.getElementById("theme");
  if (button !== null) button.textContent = isDark() ? "Light" : "Dark";
}

export function isDark() {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
}

/**
 * Calls back whenever the colours may have changed for another reason than `applyTheme`.
 * @param {() => void} changed
 */
export function onThemeChange(changed) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
