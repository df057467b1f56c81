/* Stands between a program and its database files, and fails what it is told to fail.
 *
 * It is preloaded into the server. REELHOUSE_SHIM names a file whose first byte says what fails at present:
 * 0 nothing, 1 writes with ENOSPC (the first half of each is still written), 2 writes with EIO, 3 syncs with EIO.
 * Only files whose names hold ".db" are touched. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile unsigned char *control;

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("REELHOUSE_SHIM");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (page != MAP_FAILED) control = page;
    close(fd);
}

/* What fails for this file at present. */
static int trouble(int fd) {
    if (!control || !*control) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, ".db") ? *control : 0;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define WRITE(...)                                                   \
    switch (trouble(fd)) {                                           \
    case 1:                                                          \
        if (count > 1) { count /= 2; return real(__VA_ARGS__); }     \
        errno = ENOSPC;                                              \
        return -1;                                                   \
    case 2:                                                          \
        errno = EIO;                                                 \
        return -1;                                                   \
    }                                                                \
    return real(__VA_ARGS__)

ssize_t write(int fd, const void *bytes, size_t count) { REAL(write); WRITE(fd, bytes, count); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { REAL(pwrite); WRITE(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { REAL(pwrite64); WRITE(fd, bytes, count, at); }

int fsync(int fd) {
    REAL(fsync);
    if (trouble(fd) == 3) { errno = EIO; return -1; }
    return real(fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    if (trouble(fd) == 3) { errno = EIO; return -1; }
    return real(fd);
}
