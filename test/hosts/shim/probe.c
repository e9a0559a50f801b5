/* The fault shim from inside, for its tests: "layout" prints offsets, "clock" and "synced" let eight threads work at once. */
#include "../../../docker/shim/redquake-shim.c"
#include <pthread.h>
#include <stdio.h>

#define THREADS 8
#define FILES 500

static int finished;

static void print_layout(void) {
  struct control *c = NULL;
  printf("{\"layout_version\":%d,\"size\":%zu,", LAYOUT_VERSION, sizeof *c);
#define FIELD(name) printf("\"%s\":%zu,", #name, offsetof(struct control, name))
  FIELD(magic), FIELD(version), FIELD(attached), FIELD(redirected), FIELD(unrecorded);
  FIELD(disk_error), FIELD(refused), FIELD(last_sync_ns);
  FIELD(clock_sequence), FIELD(connection_sequence), FIELD(clocks), FIELD(connections), FIELD(synced);
  printf("\"clock_size\":%zu,\"table_size\":%zu,\"entry_size\":%zu,\"synced_size\":%zu,", sizeof(struct clock_setting),
         sizeof(struct connection_table), sizeof(struct connection), sizeof(struct synced));
  printf("\"header\":%zu,\"max_connections\":%d,\"max_synced\":%d,\"valid\":%d}\n",
         offsetof(struct connection_table, entries), MAX_CONNECTIONS, MAX_SYNCED, SYNCED_VALID);
}

/* Every setting is written with an offset of k ms and a rate of k ppm, so a mixture of two settings shows. */
static void *read_clock(void *unused) {
  (void)unused;
  long mixed = 0, changes = 0;
  struct clock_setting last = {0, 0, 0, 0};
  while (!__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
    struct clock_setting now = clock_in_force(control);
    if (now.offset_ns != now.rate_ppb * 1000 || now.base_ns < last.base_ns) mixed += 1;
    if (now.base_ns != last.base_ns) changes += 1;
    last = now;
  }
  printf("%ld %ld\n", mixed, changes);
  return NULL;
}

/* All threads sync the same files, each with lengths of its own; the longest one is 1000 * FILES + 7. */
static void *sync_files(void *argument) {
  uint64_t thread = (uint64_t)(intptr_t)argument;
  for (uint64_t round = 0; round <= 1000; round += 1)
    for (uint64_t inode = 1; inode <= FILES; inode += 1) record(control, 42, inode, round * FILES + thread, 7);
  return NULL;
}

static void run_threads(void *(*work)(void *)) {
  pthread_t threads[THREADS];
  for (intptr_t i = 0; i < THREADS; i += 1) pthread_create(&threads[i], NULL, work, (void *)i);
  if (work == read_clock) {
    puts("ready");
    fflush(stdout);
    getchar(); /* Until the test has closed the standard input. */
    __atomic_store_n(&finished, 1, __ATOMIC_RELAXED);
  }
  for (int i = 0; i < THREADS; i += 1) pthread_join(threads[i], NULL);
}

int main(int count, char **arguments) {
  const char *what = count > 1 ? arguments[1] : "";
  if (strcmp(what, "layout") == 0) print_layout();
  if (strcmp(what, "clock") == 0) run_threads(read_clock);
  if (strcmp(what, "synced") == 0) run_threads(sync_files);
  if (strcmp(what, "fill") == 0)
    for (int inode = 1; inode <= atoi(arguments[2]); inode += 1) record(control, 42, (uint64_t)inode, 1, 7);
  if (strcmp(what, "reuse") == 0) record(control, 42, 1, 100, 7), record(control, 42, 1, 5, 8);
  return 0;
}
