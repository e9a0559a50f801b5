/** Wheel, drag and keys, as calls of what they ask for. */
/** @import { Plot } from "./plot.js" */
/** @import { View } from "./view.js" */

/**
 * Wheel and drag on a plot: zoom around the pointer, move, and choose a stretch with Shift.
 * A plain wheel belongs to the page until the plot has the focus, or nobody could scroll past it.
 * @param {Plot} plot
 * @param {View} view
 * @param {{ hover: (x: number, y: number) => void, leave: () => void, click: (x: number, y: number) => void, choose:
 * (left: number | undefined, right: number) => void }} handlers `choose` shows the stretch being chosen; undefined:
 * none any more.
 */
export function interact(plot, view, handlers) {
  const { canvas } = plot;
  canvas.addEventListener(
    "wheel",
    (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (sideways) view.move(event.deltaX * plot.perPixel);
      else if (event.ctrlKey || event.metaKey || document.activeElement === canvas) {
        view.zoom(plot.time(Math.min(Math.max(event.offsetX, plot.left), plot.right)), Math.exp(event.deltaY * 0.0022));
      } else return;
      event.preventDefault();
    },
    { passive: false },
  );

  /** @type {{ x: number, moved: boolean, choosing: boolean } | undefined} */
  let press;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    press = { x: event.offsetX, moved: false, choosing: event.shiftKey };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (press === undefined) {
      handlers.hover(event.offsetX, event.offsetY);
      return;
    }
    if (!press.moved && Math.abs(event.offsetX - press.x) < 4) return;
    if (press.choosing) handlers.choose(press.x, event.offsetX);
    else {
      handlers.leave();
      view.move((press.x - event.offsetX) * plot.perPixel);
      press.x = event.offsetX;
    }
    press.moved = true;
  });
  canvas.addEventListener("pointerup", (event) => {
    if (press === undefined) return;
    if (!press.moved) handlers.click(event.offsetX, event.offsetY);
    else if (press.choosing) {
      handlers.choose(undefined, 0);
      view.show(plot.time(Math.min(press.x, event.offsetX)), plot.time(Math.max(press.x, event.offsetX)));
    }
    press = undefined;
  });
  canvas.addEventListener("pointercancel", () => {
    press = undefined;
    handlers.choose(undefined, 0);
  });
  canvas.addEventListener("pointerleave", handlers.leave);
  canvas.addEventListener("dblclick", (event) => view.zoom(plot.time(event.offsetX), 0.25));
}

/**
 * The overview: press inside the frame to move it, elsewhere to choose a new stretch.
 * @param {Plot} plot
 * @param {View} view
 */
export function interactOverview(plot, view) {
  const { canvas } = plot;
  /** @type {{ moment: number, inside: boolean } | undefined} */
  let press;
  canvas.addEventListener("pointerdown", (event) => {
    const moment = plot.time(event.offsetX);
    press = { moment, inside: !view.whole && moment >= view.from && moment <= view.to };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (press === undefined) return;
    const moment = plot.time(event.offsetX);
    if (press.inside) {
      view.move(moment - press.moment);
      press.moment = moment;
    } else if (Math.abs(moment - press.moment) > 4 * plot.perPixel) {
      view.show(Math.min(moment, press.moment), Math.max(moment, press.moment));
    }
  });
  canvas.addEventListener("pointerup", () => (press = undefined));
  canvas.addEventListener("dblclick", () => view.showAll());
}

/**
 * Keys that were pressed alone, while the element has the focus.
 * @param {HTMLElement} element
 * @param {Readonly<Record<string, () => void>>} actions by the key's name
 */
export function interactKeys(element, actions) {
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
