/**
 * The disk of a node becomes read-only, as Linux does with a file system in whose structure it finds an error
 * (`errors=remount-ro`, man ext4(5)): writing, and opening files to write, making, renaming and removing them, fails
 * with EROFS. Reading goes on. A Cluster node that cannot write its `nodes.conf` ends.
 */
import { diskErrorKind } from "../probes/disk-error.ts";

export const readOnlyDisk = diskErrorKind("read-only-disk", "read-only", "EROFS");
