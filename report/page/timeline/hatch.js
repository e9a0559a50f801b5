/** Patterns for states that colour alone must not tell apart. */

/** @type {Map<string, HTMLCanvasElement>} */
const tiles = new Map();

/**
 * Diagonal lines, so that a state is seen without its colour.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @returns {CanvasPattern | string}
 */
export function hatch(context, colour) {
  let tile = tiles.get(colour);
  if (tile === undefined) {
    tile = hatchTile(colour);
    tiles.set(colour, tile);
  }
  return context.createPattern(tile, "repeat") ?? colour;
}

/** @param {string} colour */
function hatchTile(colour) {
  const tile = document.createElement("canvas");
  tile.width = 6;
  tile.height = 6;
  const draw = tile.getContext("2d");
  if (draw === null) return tile;
  draw.strokeStyle = colour;
  draw.lineWidth = 1.2;
  draw.beginPath();
  for (const offset of [-6, 0, 6]) {
    draw.moveTo(offset - 1, 7);
    draw.lineTo(offset + 7, -1);
  }
  draw.stroke();
  return tile;
}
