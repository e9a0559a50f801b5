/**
 * Bytes that arrive in pieces, while the first ones are done with again and again: the part that is still to be
 * read lies in one buffer.
 */

const FIRST_BYTES = 1 << 20;
const LINE_END = 0x0a;

export class ByteWindow {
  /** What is still to be read goes from `start` to before `end`, and then there is a line's end. */
  bytes = Buffer.allocUnsafe(FIRST_BYTES);
  start = 0;
  end = 0;

  /** How many bytes are still to be read. */
  get left(): number {
    return this.end - this.start;
  }

  /** Adds a piece. What had been read is given up, so positions before are no longer valid. */
  push(piece: Uint8Array): void {
    const { left } = this;
    // One byte more, for the line's end after the last.
    const needed = left + piece.length + 1;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(larger, 0, this.start, this.end);
      this.bytes = larger;
    } else if (this.start > 0) {
      this.bytes.copyWithin(0, this.start, this.end);
    }
    this.bytes.set(piece, left);
    this.start = 0;
    this.end = left + piece.length;
    this.bytes[this.end] = LINE_END;
  }
}
