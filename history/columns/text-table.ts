/** Texts, each kept once, found by their characters or by their ASCII bytes without making a string of these first. */

const EMPTY = 0;
const FIRST_SLOTS = 64;

export class TextTable {
  readonly texts: string[] = [];
  /** Open addressing: 0, or the index of a text plus one. At most half of it is in use. */
  #slots = new Int32Array(FIRST_SLOTS);

  /** The index of the text, which is added where it is new. */
  indexOf(text: string): number {
    const slot = this.#slotOf(text);
    const found = (this.#slots[slot] as number) - 1;
    return found >= 0 ? found : this.#add(text, slot);
  }

  /** The index of the text, or -1 where there is none. */
  find(text: string): number {
    return (this.#slots[this.#slotOf(text)] as number) - 1;
  }

  /** The same as `indexOf` for the bytes from `start` to before `end`, which must be ASCII. */
  indexOfAscii(bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let hash = FIRST_HASH;
    for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ (bytes[i] as number), MULTIPLIER);
    let slot = finish(hash) & mask;
    for (;;) {
      const index = (this.#slots[slot] as number) - 1;
      if (index < 0) return this.#add(bytes.toString("latin1", start, end), slot);
      if (isText(this.texts[index] as string, bytes, start, end)) return index;
      slot = (slot + 1) & mask;
    }
  }

  #slotOf(text: string): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(text) & mask;
    for (let index = this.#slots[slot] as number; index !== EMPTY; index = this.#slots[slot] as number) {
      if (this.texts[index - 1] === text) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #add(text: string, slot: number): number {
    const index = this.texts.push(text) - 1;
    this.#slots[slot] = index + 1;
    if (this.texts.length * 2 > this.#slots.length) this.#grow();
    return index;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    this.texts.forEach((text, index) => {
      let slot = hashOf(text) & mask;
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    });
  }
}

// FNV-1a over UTF-16 units, which for ASCII are its bytes.
const FIRST_HASH = 0x811c_9dc5 | 0;
const MULTIPLIER = 0x0100_0193;

function hashOf(text: string): number {
  let hash = FIRST_HASH;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), MULTIPLIER);
  return finish(hash);
}

/** Texts that differ in their last characters only must not end up side by side. */
function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return mixed ^ (mixed >>> 13);
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
