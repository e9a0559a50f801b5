/** A plot with powers of ten on both axes, as SVG. */
interface Series {
  readonly name: string;
  /** Rising `x`; both above 0. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface LogLogPlot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 440;
const LEFT = 70;
const RIGHT = 170;
const TOP = 52;
const BOTTOM = 50;
/** Distinguishable for the colour-blind (Okabe and Ito, "Color universal design", 2008). */
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

export function logLogPlot({ title, x, y, series }: LogLogPlot): string {
  const points = series.flatMap((each) => each.points);
  const across = decades(points.map((point) => point.x));
  const up = decades(points.map((point) => point.y));
  const column = (value: number): number =>
    LEFT + ((Math.log10(value) - across.from) / (across.to - across.from)) * (WIDTH - LEFT - RIGHT);
  const row = (value: number): number =>
    HEIGHT - BOTTOM - ((Math.log10(value) - up.from) / (up.to - up.from)) * (HEIGHT - TOP - BOTTOM);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 22, title, 'font-size="14"'),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x, 'text-anchor="middle"'),
    text(LEFT - 40, TOP - 8, y),
  ];
  for (let power = across.from; power <= across.to; power += 1) {
    const at = column(10 ** power);
    lines.push(line(at, TOP, at, HEIGHT - BOTTOM));
    lines.push(text(at, HEIGHT - BOTTOM + 18, powerOfTen(power), 'text-anchor="middle"'));
  }
  for (let power = up.from; power <= up.to; power += 1) {
    const at = row(10 ** power);
    lines.push(line(LEFT, at, WIDTH - RIGHT, at));
    lines.push(text(LEFT - 8, at + 4, powerOfTen(power), 'text-anchor="end"'));
  }
  series.forEach(({ name, points: own }, i) => {
    const color = COLORS[i % COLORS.length] ?? "#000000";
    const path = own.map((point) => `${rounded(column(point.x))},${rounded(row(point.y))}`);
    lines.push(`<polyline points="${path.join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>`);
    for (const point of path) {
      const [cx, cy] = point.split(",");
      lines.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`);
    }
    const at = TOP + 10 + i * 20;
    lines.push(`<rect x="${WIDTH - RIGHT + 15}" y="${at - 9}" width="12" height="12" fill="${color}"/>`);
    lines.push(text(WIDTH - RIGHT + 33, at + 1, name));
  });
  return `${[...lines, "</svg>"].join("\n")}\n`;
}

/** The powers of ten between which all values lie. */
function decades(values: readonly number[]): { readonly from: number; readonly to: number } {
  const from = Math.floor(Math.log10(Math.min(...values)));
  return { from, to: Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)))) };
}

function powerOfTen(power: number): string {
  const digits = String(Math.abs(power)).replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? "");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}" stroke="#dddddd"/>`;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}" fill="#333333"${attributes === "" ? "" : ` ${attributes}`}>${escaped(content)}</text>`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
