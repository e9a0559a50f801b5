const NAMES = /** @type {const} */ ([
  "paper",
  "ink",
  "muted",
  "faint",
  "rule",
  "lane",
  "ok",
  "fail",
  "info",
  "ok-ink",
  "fail-ink",
  "info-ink",
  "hold",
  "hold-line",
  "expired",
  "fault",
  "fault-line",
  "fault-lane",
  "accent",
  "dim",
]);

/** @typedef {Record<(typeof NAMES)[number], string>} Palette */

/**
 * The colours of the style sheet in the theme of the moment, for the canvases.
 * @returns {Palette}
 */
export function readPalette() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const palette = /** @type {Palette} */ ({});
  for (const name of NAMES) {
    // A custom property alone would read as `light-dark(…)`; used as a colour it is resolved.
    probe.style.color = `var(--${name})`;
    palette[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return palette;
}
