/*
 * Faults of the system, for one process: preloaded (LD_PRELOAD), it stands between a program and the C library.
 *
 *   SHIM_CALL, SHIM_PATH, SHIM_ERRNO  calls of this name (write, fsync, rename, link) on paths with SHIM_PATH in them fail with this errno
 *   SHIM_CLOCK                        once there is a file of this name, the wall clock is an hour behind
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int fails(const char *call, const char *path) {
  const char *failing = getenv("SHIM_CALL"), *part = getenv("SHIM_PATH"), *code = getenv("SHIM_ERRNO");
  if (!failing || !part || !code || strcmp(call, failing) != 0 || !strstr(path, part)) return 0;
  errno = atoi(code);
  return 1;
}

static int fails_on(const char *call, int fd) {
  char link[64], path[4096];
  if (!getenv("SHIM_CALL")) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fails(call, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) {
  return fails_on("write", fd) ? -1 : REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  return fails_on("write", fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  return fails_on("write", fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  return fails_on("write", fd) ? -1 : REAL(writev)(fd, parts, count);
}
int fsync(int fd) { return fails_on("fsync", fd) ? -1 : REAL(fsync)(fd); }
int rename(const char *from, const char *to) { return fails("rename", to) ? -1 : REAL(rename)(from, to); }
int link(const char *from, const char *to) { return fails("link", to) ? -1 : REAL(link)(from, to); }

static long hour_behind(void) {
  const char *file = getenv("SHIM_CLOCK");
  return file && syscall(SYS_faccessat, AT_FDCWD, file, F_OK) == 0 ? 3600 : 0;
}
int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_REALTIME) now->tv_sec -= hour_behind();
  return result;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}
