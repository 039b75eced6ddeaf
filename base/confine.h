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

/* What may be done below a folder, or with a file. */
enum confine_right {
    CONFINE_READ = 1,
    CONFINE_WRITE = 2,  /* read, write, make and remove files and folders below it; no links, no devices */
    CONFINE_RUN = 4,    /* read and exec */
    CONFINE_REMOVE = 8, /* remove folders in it, and nothing else */
};
struct confine_place {
    const char *path; /* NULL: the last one */
    unsigned rights;
};
/* As confine_files, with a table. */
int confine_places(const struct confine_place *places);

/* For the office program, which writes files, and the process that watches it: as confine_calls, but files may be changed
 * and exec is left to Landlock; no socket reaches anything. may_fork: for the watching process alone. */
int confine_office_calls(int may_fork);

struct confine_most {
    unsigned long memory_bytes; /* address space; 0: no limit */
    unsigned long cpu_seconds;  /* 0: no limit */
    unsigned long file_bytes;   /* of one file that it writes */
    unsigned long descriptors;
};
int confine_most(const struct confine_most *most);

#endif
