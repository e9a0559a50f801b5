/**
 * What the address bar keeps, so that a link shows the same picture again.
 * @typedef {object} Place
 * @property {[number, number] | undefined} time stretch in view, microseconds
 * @property {number | undefined} operation pinned operation, by the index of its invoke
 * @property {string | undefined} finding marked finding, such as `1.2`
 * @property {string | undefined} filter
 * @property {"light" | "dark" | undefined} theme undefined: as the system has it
 */

/**
 * Reads the fragment of an address; a plain anchor such as `#faults` says nothing of the place.
 * @param {string} hash
 * @returns {Partial<Place> | undefined}
 */
export function readPlace(hash) {
  const text = hash.replace(/^#/, "");
  if (!text.includes("=")) return undefined;
  const fields = new URLSearchParams(text);
  /** @type {Partial<Place>} */
  const place = {};
  const time = /^(-?\d+)-(\d+)$/.exec(fields.get("t") ?? "");
  if (time !== null) place.time = [Number(time[1]), Number(time[2])];
  const operation = fields.get("op");
  if (operation !== null && /^\d+$/.test(operation)) place.operation = Number(operation);
  const finding = fields.get("finding");
  if (finding !== null) place.finding = finding;
  const filter = fields.get("q");
  if (filter !== null) place.filter = filter;
  const theme = fields.get("theme");
  if (theme === "light" || theme === "dark") place.theme = theme;
  return place;
}

/**
 * @param {Place} place
 * @returns {string} fragment with `#`, or "" when everything is as at first
 */
export function writePlace(place) {
  const fields = new URLSearchParams();
  if (place.time !== undefined) fields.set("t", `${Math.floor(place.time[0])}-${Math.ceil(place.time[1])}`);
  if (place.operation !== undefined) fields.set("op", String(place.operation));
  if (place.finding !== undefined) fields.set("finding", place.finding);
  if (place.filter !== undefined && place.filter !== "") fields.set("q", place.filter);
  if (place.theme !== undefined) fields.set("theme", place.theme);
  const text = fields.toString();
  return text === "" ? "" : `#${text}`;
}
