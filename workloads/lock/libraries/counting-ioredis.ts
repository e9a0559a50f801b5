/** An ioredis that counts failures, for libraries that take an error for a vote against and say nothing of it. */
import type { Command } from "ioredis";
import type { IoredisModule } from "./own-ioredis.ts";

export interface FailedCommands {
  /** The commands of all connections since they were made. */
  count: number;
}

/**
 * The same module, but each command of that name that fails is counted before its caller is told. Nothing else is
 * changed.
 */
export function countingIoredis({ Redis }: IoredisModule, name: string, failed: FailedCommands): IoredisModule {
  class CountingRedis extends Redis {
    override sendCommand(...[command, stream]: Parameters<InstanceType<typeof Redis>["sendCommand"]>): unknown {
      if (command.name === name) count(command, failed);
      return super.sendCommand(command, stream);
    }
  }
  return { Redis: CountingRedis };
}

function count({ promise }: Command, failed: FailedCommands): void {
  promise.catch(() => (failed.count += 1));
}
