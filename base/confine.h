/* confine.h: what a helper gives up before it touches hostile bytes. Each step is one-way. */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

/* No file system but reading below the given folders (Landlock), no TCP. paths: NULL last; folders that are not there are
 * left out. Returns 0, or ERR_NOT_FOUND when the kernel has no Landlock (the caller decides, and says so). */
int confine_files(const char *const *read_only_paths);

/* No network, no exec, no tracing: system calls by an allow-list; anything else fails with EPERM, exec and sockets kill.
 * may_fork: for the warm helper that forks one process for each job; that process calls it again without. */
int confine_calls(int may_fork);

/* memory_bytes: address space (0: no limit), cpu_seconds (0: none); no core dump, no files written, few descriptors. */
int confine_limits(unsigned long memory_bytes, unsigned long cpu_seconds);

#endif
