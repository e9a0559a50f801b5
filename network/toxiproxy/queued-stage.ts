import { ChunkQueue } from "./chunk-queue.ts";
import { DeadlineTimer } from "./deadline-timer.ts";
import { Stage } from "./stage.ts";

/** A stage that keeps bytes back and sends them, in order, when their time has come. */
export abstract class QueuedStage extends Stage {
  protected readonly queue = new ChunkQueue();
  protected readonly timer = new DeadlineTimer(() => this.drained());

  /**
   * Sends what is due as far as the next one takes it, sets the timer for what comes after, and closes when everything
   * is sent and the sender has ended. Must not say `drained`: this runs inside the sender's own `write`.
   */
  protected abstract sendDue(): void;

  protected override receive(chunk: Buffer, arrivedAt: number): void {
    this.queue.push(chunk, arrivedAt);
    if (this.queue.length === 1) this.sendDue();
  }

  protected override receiveEnd(): void {
    if (this.queue.length === 0) this.sendDue();
  }

  override drained(): void {
    this.sendDue();
    if (!this.full) this.previous.drained();
  }

  protected override release(): void {
    this.timer.clear();
    while (this.queue.length > 0) {
      const arrivedAt = this.queue.firstArrivedAt;
      const chunk = this.queue.take();
      if (chunk !== undefined) this.next.write(chunk, arrivedAt);
    }
    if (this.inputEnded) this.close();
  }

  override stop(): void {
    this.timer.clear();
    this.queue.clear();
  }
}
