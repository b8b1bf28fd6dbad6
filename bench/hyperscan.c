/* Scans files with Hyperscan, for comparison: hyperscan PATTERNS FILE...; a pattern a line, "id:pattern".
 * Prints patterns used, patterns refused, bytes, matches and CPU seconds of scanning alone. */
#include <fcntl.h>
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 4096

static unsigned long long matches = 0;

static int found(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
  (void)id, (void)from, (void)to, (void)flags, (void)context;
  matches++;
  return 0;
}

static double cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
  static char *patterns[MOST];
  static unsigned flags[MOST], ids[MOST];
  unsigned count = 0, refused = 0;
  char *line = NULL;
  size_t room = 0;
  FILE *list = argc > 2 ? fopen(argv[1], "r") : NULL;
  if (!list) return 2;
  while (getline(&line, &room, list) > 0 && count < MOST) {
    line[strcspn(line, "\n")] = 0;
    hs_database_t *one = NULL;
    hs_compile_error_t *error = NULL;
    if (hs_compile(line, HS_FLAG_MULTILINE, HS_MODE_BLOCK, NULL, &one, &error) != HS_SUCCESS) {
      refused++;
      hs_free_compile_error(error);
      continue;
    }
    hs_free_database(one);
    flags[count] = HS_FLAG_MULTILINE;
    ids[count] = count;
    patterns[count++] = strdup(line);
  }
  hs_database_t *database = NULL;
  hs_compile_error_t *error = NULL;
  hs_scratch_t *scratch = NULL;
  if (hs_compile_multi((const char *const *)patterns, flags, ids, count, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) return 1;
  double before = cpu();
  unsigned long long bytes = 0;
  for (int at = 2; at < argc; at++) {
    int file = open(argv[at], O_RDONLY);
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0 || about.st_size == 0) continue;
    char *text = mmap(NULL, about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    hs_scan(database, text, about.st_size, 0, scratch, found, NULL);
    bytes += about.st_size;
    munmap(text, about.st_size);
    close(file);
  }
  printf("%u %u %llu %llu %.6f\n", count, refused, bytes, matches, cpu() - before);
  return 0;
}
