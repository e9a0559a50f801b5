/**
 * No room is left on the disk of a node: what takes room fails with ENOSPC, files that are there can still be opened
 * and replaced.
 */
import { diskErrorKind } from "../probes/disk-error.ts";

export const diskFull = diskErrorKind("disk-full", "full", "ENOSPC");
