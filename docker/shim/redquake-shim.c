/*
 * The fault shim: loaded into one process with LD_PRELOAD, it lets that process, and no other, see another wall clock, reach its
 * peers through other addresses, find the disk full or read-only, and leave a record of what it has forced to disk. docs/fault-shim.md tells what
 * it is for.
 *
 *     cc -shared -fPIC -O2 -fvisibility=hidden -o redquake-shim.so redquake-shim.c
 *     LD_PRELOAD=/path/redquake-shim.so REDQUAKE_SHIM=/path/control redis-server ...
 *
 * Linux, 64 bits, glibc or musl. It makes system calls and nothing else: no allocation, no dlsym, no stdio (but for fopen() itself). An allocator may ask
 * for the time while it initialises itself, and a shim that allocates or looks up symbols then would call itself without end.
 *
 * The control file, which is mapped shared. Numbers are in the byte order of the machine (little endian on both supported
 * architectures), addresses and ports in network order. hosts/shim/shim-control.ts is the other side; a test compares the two.
 *
 *     offset  size           name                 written by   meaning
 *     0       8              magic                harness      "redquake"
 *     8       4              version              harness      3
 *     12      4              attached             shim         processes that have mapped the file so far
 *     16      8              redirected           shim         connect() calls that went to another address
 *     24      8              unrecorded           shim         syncs that found no room in `synced`
 *     32      4              clock_sequence       harness      clocks[clock_sequence % 2] is in force
 *     36      4              connection_sequence  harness      connections[connection_sequence % 2] is in force
 *     40      4              disk_error           harness      not 0: this errno is what writing to a file fails with
 *     48      8              refused              shim         calls that failed for that reason
 *     56      8              last_sync            shim         when the last successful sync of anything began (ns on this
 *                                                              machine's CLOCK_REALTIME)
 *     64      2 x 32         clocks               harness      int64 offset (ns), rate (parts per 10^9), base (ns on
 *                                                              CLOCK_MONOTONIC), reserved
 *     256     2 x 8208       connections          harness      uint32 count, 12 bytes reserved, then 512 times: from address (4),
 *                                                              from port (2), to port (2), to address (4), reserved (4)
 *     20480   8192 x 64      synced               shim         uint32 state (0 free, 1 being written, 2 valid), 4 bytes reserved,
 *                                                              uint64 device, inode, length (bytes), birth time (ns, 0 where the
 *                                                              file system has none), 24 bytes reserved
 *
 * What the harness writes exists twice. It fills the copy that is not in force and then counts the sequence up, so a reader never
 * waits: neither for a harness that was killed half-way nor for one that was stopped. A reader that sees another sequence after
 * reading than before has perhaps read a copy that was being refilled, and reads again.
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#if !defined(__linux__) || !defined(__LP64__)
#error "the fault shim is for 64-bit Linux"
#endif

#define EXPORT __attribute__((visibility("default")))

#define LAYOUT_VERSION 3
#define MAX_CONNECTIONS 512
#define MAX_SYNCED 8192
#define BILLION 1000000000LL

struct clock_setting {
  int64_t offset_ns;
  int64_t rate_ppb;
  int64_t base_ns;
  int64_t reserved;
};

struct connection {
  uint32_t from_address;
  uint16_t from_port;
  uint16_t to_port;
  uint32_t to_address;
  uint32_t reserved;
};

struct connection_table {
  uint32_t count;
  uint32_t reserved[3];
  struct connection entries[MAX_CONNECTIONS];
};

enum { SYNCED_FREE = 0, SYNCED_BUSY = 1, SYNCED_VALID = 2 };

struct synced {
  uint32_t state;
  uint32_t reserved;
  uint64_t device;
  uint64_t inode;
  uint64_t length;
  uint64_t born_ns;
  uint64_t padding[3];
};

struct control {
  char magic[8];
  uint32_t version;
  uint32_t attached;
  uint64_t redirected;
  uint64_t unrecorded;
  uint32_t clock_sequence;
  uint32_t connection_sequence;
  uint32_t disk_error;
  uint32_t reserved_1;
  uint64_t refused;
  uint64_t last_sync_ns;
  struct clock_setting clocks[2];
  char reserved_2[128];
  struct connection_table connections[2];
  char reserved_3[3808];
  struct synced synced[MAX_SYNCED];
};

_Static_assert(offsetof(struct control, clocks) == 64, "clocks");
_Static_assert(offsetof(struct control, connections) == 256, "connections");
_Static_assert(offsetof(struct control, synced) == 20480, "synced");
_Static_assert(sizeof(struct synced) == 64, "synced entry");
_Static_assert(sizeof(struct control) == 544768, "control file");

/* Null until the constructor has found a valid control file, and for ever where there is none: everything then passes through. */
static struct control *control;

__attribute__((constructor)) static void attach(void) {
  const char *path = getenv("REDQUAKE_SHIM");
  if (path == NULL || path[0] == '\0') return;
  int saved_errno = errno;
  long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
  if (fd >= 0) {
    /* A mapping beyond the end of the file would kill the process at the first touch. */
    if (syscall(SYS_lseek, fd, 0L, SEEK_END) >= (long)sizeof(struct control)) {
      long mapped = syscall(SYS_mmap, NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0L);
      if (mapped != -1) {
        struct control *found = (struct control *)mapped;
        if (memcmp(found->magic, "redquake", sizeof found->magic) == 0 && found->version == LAYOUT_VERSION) {
          __atomic_add_fetch(&found->attached, 1, __ATOMIC_RELAXED);
          __atomic_store_n(&control, found, __ATOMIC_RELEASE);
        } else {
          syscall(SYS_munmap, found, sizeof(struct control));
        }
      }
    }
    syscall(SYS_close, fd);
  }
  errno = saved_errno;
}

static struct control *attached_control(void) { return __atomic_load_n(&control, __ATOMIC_ACQUIRE); }

/* ---------------------------------------------------------------------------------------------------------------- the clock */

static struct clock_setting clock_in_force(const struct control *c) {
  for (;;) {
    uint32_t before = __atomic_load_n(&c->clock_sequence, __ATOMIC_ACQUIRE);
    const struct clock_setting *shared = &c->clocks[before % 2];
    struct clock_setting copy;
    copy.offset_ns = __atomic_load_n(&shared->offset_ns, __ATOMIC_RELAXED);
    copy.rate_ppb = __atomic_load_n(&shared->rate_ppb, __ATOMIC_RELAXED);
    copy.base_ns = __atomic_load_n(&shared->base_ns, __ATOMIC_RELAXED);
    copy.reserved = 0;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (__atomic_load_n(&c->clock_sequence, __ATOMIC_RELAXED) == before) return copy;
  }
}

static int64_t nanoseconds(const struct timespec *t) { return (int64_t)t->tv_sec * BILLION + t->tv_nsec; }

/* Reads a wall clock and moves what was read as the control file says. */
static int moved_clock(clockid_t clock, struct timespec *result) {
  struct control *c = attached_control();
  struct clock_setting setting = {0, 0, 0, 0};
  /* Before the clocks are read, so that no time passes between the base and a reading that comes before it. */
  if (c != NULL) setting = clock_in_force(c);
  struct timespec real;
  if (syscall(SYS_clock_gettime, clock, &real) != 0) return -1;
  int64_t shift = setting.offset_ns;
  if (setting.rate_ppb != 0) {
    struct timespec monotonic;
    if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &monotonic) != 0) return -1;
    int64_t elapsed = nanoseconds(&monotonic) - setting.base_ns;
    /* Seconds and the rest apart: elapsed * rate would overflow within seconds; this lasts for decades. */
    shift += elapsed / BILLION * setting.rate_ppb + elapsed % BILLION * setting.rate_ppb / BILLION;
  }
  int64_t moved = nanoseconds(&real) + shift;
  int64_t seconds = moved / BILLION;
  int64_t rest = moved % BILLION;
  if (rest < 0) {
    rest += BILLION;
    seconds -= 1;
  }
  result->tv_sec = seconds;
  result->tv_nsec = rest;
  return 0;
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *result) {
  if ((clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) || attached_control() == NULL)
    return (int)syscall(SYS_clock_gettime, clock, result);
  return moved_clock(clock, result);
}

/* Not declared by any header included here: the C libraries do not agree about the type of its second parameter. */
EXPORT int gettimeofday(struct timeval *result, void *zone);

EXPORT int gettimeofday(struct timeval *result, void *zone) {
  if (zone != NULL && syscall(SYS_gettimeofday, NULL, zone) != 0) return -1;
  if (result == NULL) return 0;
  struct timespec now;
  if (moved_clock(CLOCK_REALTIME, &now) != 0) return -1;
  result->tv_sec = now.tv_sec;
  result->tv_usec = now.tv_nsec / 1000;
  return 0;
}

EXPORT time_t time(time_t *result) {
  struct timespec now;
  if (moved_clock(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}

/* -------------------------------------------------------------------------------------------------------------- connections */

/* Replaces address and port (network order) where the table has them, and returns whether it did. */
static int redirect(uint32_t *address, uint16_t *port) {
  struct control *c = attached_control();
  if (c == NULL) return 0;
  for (;;) {
    uint32_t before = __atomic_load_n(&c->connection_sequence, __ATOMIC_ACQUIRE);
    const struct connection_table *table = &c->connections[before % 2];
    uint32_t count = __atomic_load_n(&table->count, __ATOMIC_RELAXED);
    uint32_t to_address = 0;
    uint16_t to_port = 0;
    int found = 0;
    for (uint32_t i = 0; i < count && i < MAX_CONNECTIONS && !found; i += 1) {
      const struct connection *entry = &table->entries[i];
      if (__atomic_load_n(&entry->from_address, __ATOMIC_RELAXED) != *address) continue;
      if (__atomic_load_n(&entry->from_port, __ATOMIC_RELAXED) != *port) continue;
      to_address = __atomic_load_n(&entry->to_address, __ATOMIC_RELAXED);
      to_port = __atomic_load_n(&entry->to_port, __ATOMIC_RELAXED);
      found = 1;
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (__atomic_load_n(&c->connection_sequence, __ATOMIC_RELAXED) != before) continue;
    if (!found) return 0;
    *address = to_address;
    *port = to_port;
    __atomic_add_fetch(&c->redirected, 1, __ATOMIC_RELAXED);
    return 1;
  }
}

EXPORT int connect(int fd, const struct sockaddr *address, socklen_t length) {
  if (address != NULL && length >= sizeof(struct sockaddr_in) && address->sa_family == AF_INET) {
    struct sockaddr_in other;
    memcpy(&other, address, sizeof other);
    if (redirect(&other.sin_addr.s_addr, &other.sin_port)) return (int)syscall(SYS_connect, fd, &other, sizeof other);
  }
  if (address != NULL && length >= sizeof(struct sockaddr_in6) && address->sa_family == AF_INET6) {
    struct sockaddr_in6 other;
    memcpy(&other, address, sizeof other);
    if (IN6_IS_ADDR_V4MAPPED(&other.sin6_addr)) {
      uint32_t mapped;
      memcpy(&mapped, &other.sin6_addr.s6_addr[12], sizeof mapped);
      if (redirect(&mapped, &other.sin6_port)) {
        memcpy(&other.sin6_addr.s6_addr[12], &mapped, sizeof mapped);
        return (int)syscall(SYS_connect, fd, &other, sizeof other);
      }
    }
  }
  return (int)syscall(SYS_connect, fd, address, length);
}

/* --------------------------------------------------------------------------------------------------------------------- disk */

/* The kernel's struct statx, declared here because the header that has it is not installed everywhere a compiler is. */
struct file_status {
  uint32_t mask;
  uint32_t block_size;
  uint64_t attributes;
  uint32_t links;
  uint32_t user;
  uint32_t group;
  uint16_t mode;
  uint16_t spare_1;
  uint64_t inode;
  uint64_t size;
  uint64_t blocks;
  uint64_t attributes_mask;
  uint64_t accessed[2];
  int64_t born_seconds;
  uint32_t born_nanoseconds;
  uint32_t spare_2;
  uint64_t changed[2];
  uint64_t modified[2];
  uint32_t special_major;
  uint32_t special_minor;
  uint32_t device_major;
  uint32_t device_minor;
  uint64_t spare_3[14];
};
_Static_assert(sizeof(struct file_status) == 256, "struct statx");

#ifndef SYS_statx
#if defined(__x86_64__)
#define SYS_statx 332
#else
#define SYS_statx 291
#endif
#endif

#define STATX_TYPE_INO_SIZE_BTIME (0x001u | 0x100u | 0x200u | 0x800u)
#define STATX_HAS_BTIME 0x800u
#define EMPTY_PATH 0x1000
#define TYPE_MASK 0170000
#define TYPE_REGULAR 0100000

/* How often a slot that another thread is filling is looked at again. Its owner may have been killed, so this has an end. */
#define BUSY_LOOKS 10000

static void count_unrecorded(struct control *c) { __atomic_add_fetch(&c->unrecorded, 1, __ATOMIC_RELAXED); }

static void fill(struct synced *slot, uint64_t device, uint64_t inode, uint64_t length, uint64_t born_ns) {
  slot->device = device;
  slot->inode = inode;
  slot->born_ns = born_ns;
  slot->length = length;
  __atomic_store_n(&slot->state, SYNCED_VALID, __ATOMIC_RELEASE);
}

/*
 * Notes that the first `length` bytes of a file are on disk. The length never shrinks: when two syncs of one file overlap, the
 * older one may come second. After a truncation it may thus be too large, which makes a power loss milder, never harsher.
 */
static void record(struct control *c, uint64_t device, uint64_t inode, uint64_t length, uint64_t born_ns) {
  uint64_t start = (inode * 0x9e3779b97f4a7c15u ^ device) >> 13;
  for (uint64_t i = 0; i < MAX_SYNCED; i += 1) {
    struct synced *slot = &c->synced[(start + i) % MAX_SYNCED];
    uint32_t state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
    if (state == SYNCED_FREE) {
      if (__atomic_compare_exchange_n(&slot->state, &state, SYNCED_BUSY, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        fill(slot, device, inode, length, born_ns);
        return;
      }
    }
    for (int looks = 0; state == SYNCED_BUSY && looks < BUSY_LOOKS; looks += 1)
      state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
    if (state != SYNCED_VALID || slot->inode != inode || slot->device != device) continue;
    if (slot->born_ns != born_ns) {
      /* The inode of a deleted file was given to a new one, which nobody has synced before. */
      if (__atomic_compare_exchange_n(&slot->state, &state, SYNCED_BUSY, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        fill(slot, device, inode, length, born_ns);
        return;
      }
      continue;
    }
    uint64_t known = __atomic_load_n(&slot->length, __ATOMIC_RELAXED);
    while (known < length &&
           !__atomic_compare_exchange_n(&slot->length, &known, length, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
    }
    return;
  }
  count_unrecorded(c);
}

/* Whether the harness says that the disk takes nothing. Counts, and sets errno, for the caller that now fails. */
static int refused_by_disk(struct control *c) {
  uint32_t error = __atomic_load_n(&c->disk_error, __ATOMIC_RELAXED);
  if (error == 0) return 0;
  __atomic_add_fetch(&c->refused, 1, __ATOMIC_RELAXED);
  errno = (int)error;
  return 1;
}

static int look_at(int fd, struct file_status *status) {
  int saved_errno = errno;
  long known = syscall(SYS_statx, fd, "", EMPTY_PATH, STATX_TYPE_INO_SIZE_BTIME, status);
  errno = saved_errno;
  return known == 0;
}

static int is_regular(const struct file_status *status) { return (status->mode & TYPE_MASK) == TYPE_REGULAR; }

/* Not moved as the process's own clock is: the birth times of files are not either. */
static uint64_t real_time_ns(void) {
  struct timespec now = {0, 0};
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  return (uint64_t)nanoseconds(&now);
}

static void note_sync(struct control *c, uint64_t began_ns) {
  uint64_t known = __atomic_load_n(&c->last_sync_ns, __ATOMIC_RELAXED);
  while (known < began_ns && !__atomic_compare_exchange_n(&c->last_sync_ns, &known, began_ns, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
  }
}

static int sync_and_record(long number, int fd) {
  struct control *c = attached_control();
  if (c == NULL) return (int)syscall(number, fd);
  /* The length from before the sync: what another thread appends meanwhile may or may not be covered by it. */
  uint64_t began_ns = real_time_ns();
  struct file_status status;
  int known = look_at(fd, &status);
  /* Here too, as stdio writes by other means than write(): a file that was written with it is refused when it is to be safe. */
  if (known && is_regular(&status) && refused_by_disk(c)) return -1;
  int result = (int)syscall(number, fd);
  if (result != 0) return result;
  note_sync(c, began_ns);
  if (!known) {
    count_unrecorded(c);
  } else if (is_regular(&status)) {
    uint64_t major = status.device_major;
    uint64_t minor = status.device_minor;
    /* As st_dev has it: the low 8 bits of the minor number lie below the major one, the others above. */
    uint64_t device = (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffULL) << 12 | (major & ~0xfffULL) << 32;
    uint64_t born_ns = 0;
    if (status.mask & STATX_HAS_BTIME)
      born_ns = (uint64_t)(status.born_seconds * BILLION + (int64_t)status.born_nanoseconds);
    record(c, device, status.inode, status.size, born_ns);
  }
  return 0;
}

EXPORT int fsync(int fd) { return sync_and_record(SYS_fsync, fd); }

EXPORT int fdatasync(int fd) { return sync_and_record(SYS_fdatasync, fd); }

/* Standard output and error are the log, which the harness keeps; pipes and sockets take no room on any disk. */
static int refuses_write(int fd) {
  struct control *c = attached_control();
  if (c == NULL || __atomic_load_n(&c->disk_error, __ATOMIC_RELAXED) == 0) return 0;
  if (fd == STDOUT_FILENO || fd == STDERR_FILENO) return 0;
  struct file_status status;
  return look_at(fd, &status) && is_regular(&status) && refused_by_disk(c);
}

EXPORT ssize_t write(int fd, const void *bytes, size_t count) {
  if (refuses_write(fd)) return -1;
  return syscall(SYS_write, fd, bytes, count);
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (refuses_write(fd)) return -1;
  return syscall(SYS_writev, fd, parts, count);
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  if (refuses_write(fd)) return -1;
  return syscall(SYS_pwrite64, fd, bytes, count, offset);
}

/* The name that programs use which were compiled for files beyond 2 GiB; on 64 bits it is the same call. */
EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) {
  return pwrite(fd, bytes, count, offset);
}

/* ---------------------------------------------------------------------------------------------------------- a read-only disk */

#define ACCESS_MASK 0x3

static int is_below(const char *path, const char *folder) { return strncmp(path, folder, strlen(folder)) == 0; }

/* Whether changing what a folder holds fails now. What the kernel shows as files in its own folders is on no disk. */
static int refuses_entry(const char *path) {
  struct control *c = attached_control();
  if (c == NULL || path == NULL || __atomic_load_n(&c->disk_error, __ATOMIC_RELAXED) != EROFS) return 0;
  if (is_below(path, "/proc/") || is_below(path, "/sys/") || is_below(path, "/dev/")) return 0;
  return refused_by_disk(c);
}

/* Only what opens for writing: a disk that is full still lets files be opened, one that is read-only does not. */
static int refuses_open(int folder, const char *path, int flags) {
  struct control *c = attached_control();
  if (c == NULL || path == NULL || __atomic_load_n(&c->disk_error, __ATOMIC_RELAXED) != EROFS) return 0;
  if ((flags & ACCESS_MASK) == O_RDONLY && (flags & (O_CREAT | O_TRUNC)) == 0) return 0;
  struct file_status status;
  int saved_errno = errno;
  long known = syscall(SYS_statx, folder, path, 0, STATX_TYPE_INO_SIZE_BTIME, &status);
  errno = saved_errno;
  /* A file that is not there is not found, unless it would be made; a pipe or a device is written to all the same. */
  if (known == 0 ? !is_regular(&status) : (flags & O_CREAT) == 0) return 0;
  /* One that is there and would only be read is opened. */
  if (known == 0 && (flags & ACCESS_MASK) == O_RDONLY && (flags & O_TRUNC) == 0) return 0;
  return refuses_entry(path);
}

static int open_file(int folder, const char *path, int flags, mode_t mode) {
  if (refuses_open(folder, path, flags)) return -1;
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

/* The mode is there only where a file may be made: with O_CREAT, and with O_TMPFILE, which has a bit of its own beside O_DIRECTORY. */
#define MODE_OF(flags)                                                       \
  mode_t mode = 0;                                                           \
  if (((flags) & O_CREAT) != 0 || ((flags) & 020000000) != 0) {              \
    va_list arguments;                                                       \
    va_start(arguments, flags);                                              \
    mode = (mode_t)va_arg(arguments, int);                                   \
    va_end(arguments);                                                       \
  }

EXPORT int open(const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_file(AT_FDCWD, path, flags, mode);
}

EXPORT int open64(const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_file(AT_FDCWD, path, flags, mode);
}

EXPORT int openat(int folder, const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_file(folder, path, flags, mode);
}

EXPORT int openat64(int folder, const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_file(folder, path, flags, mode);
}

/* The library's own fopen() opens files past open(). */
static FILE *open_stream(const char *path, const char *mode) {
  int flags = mode[0] == 'r' ? O_RDONLY : O_WRONLY | O_CREAT | (mode[0] == 'a' ? O_APPEND : O_TRUNC);
  for (const char *each = mode + 1; *each != '\0' && *each != ','; each += 1) {
    if (*each == '+') flags = (flags & ~ACCESS_MASK) | O_RDWR;
    if (*each == 'e') flags |= O_CLOEXEC;
    if (*each == 'x') flags |= O_EXCL;
  }
  int fd = open_file(AT_FDCWD, path, flags, 0666);
  if (fd < 0) return NULL;
  FILE *stream = fdopen(fd, mode);
  if (stream == NULL) {
    int saved_errno = errno;
    syscall(SYS_close, fd);
    errno = saved_errno;
  }
  return stream;
}

EXPORT FILE *fopen(const char *path, const char *mode) { return open_stream(path, mode); }

EXPORT FILE *fopen64(const char *path, const char *mode) { return open_stream(path, mode); }

EXPORT int rename(const char *from, const char *to) {
  if (refuses_entry(from)) return -1;
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

EXPORT int unlink(const char *path) {
  if (refuses_entry(path)) return -1;
  return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

EXPORT int mkdir(const char *path, mode_t mode) {
  if (refuses_entry(path)) return -1;
  return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}
