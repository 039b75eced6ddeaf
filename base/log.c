#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const char *log_program = "casefile";
static enum log_level log_most = LOG_LEVEL_INFO;

void log_open(const char *program, enum log_level most) {
    log_program = program;
    log_most = most;
}

/* One write per line, so that lines of several processes do not mix. */
static void log_line(enum log_level level, const char *format, va_list ap) {
    static const char *const names[] = {"error", "warning", "info", "debug"};
    char line[1024], when[CLOCK_TEXT];
    if (level > log_most)
        return;
    clock_text(clock_now(), when);
    int n = snprintf(line, sizeof line, "%s %s[%d] %s: ", when, log_program, (int)getpid(), names[level]);
    int m = vsnprintf(line + n, sizeof line - (size_t)n - 1, format, ap);
    size_t len = (size_t)n + (m < 0 ? 0 : (size_t)m);
    if (len > sizeof line - 2)
        len = sizeof line - 2;
    line[len++] = '\n';
    ssize_t done = write(STDERR_FILENO, line, len);
    (void)done;
}

#define LOG_FUNCTION(name, level)                                                                  \
    void name(const char *format, ...) {                                                           \
        va_list ap;                                                                                \
        va_start(ap, format);                                                                      \
        log_line(level, format, ap);                                                               \
        va_end(ap);                                                                                \
    }
LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
