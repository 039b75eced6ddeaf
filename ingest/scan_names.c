#include "ingest/scan_names.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "ingest/receive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ENDING_BYTES 10 /* ".jpeg" and the like are kept when a name is cut */

static int begins(const char *name, const char *with) {
    return strncasecmp(name, with, strlen(with)) == 0;
}

static int ends(const char *name, const char *with) {
    size_t len = strlen(name), n = strlen(with);
    return len >= n && strcasecmp(name + len - n, with) == 0;
}

static int name_is_noise(const char *name) {
    static const char *const beginnings[] = {".~lock.", ".nfs", ".goutputstream", ".#"};
    static const char *const names[] = {".DS_Store", "Thumbs.db", "desktop.ini"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (begins(name, beginnings[i]))
            return 1;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(name, names[i]) == 0)
            return 1;
    return 0;
}

static int name_is_unfinished(const char *name) {
    static const char *const endings[] = {".part", ".partial", ".tmp", ".filepart", ".crdownload", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (ends(name, endings[i]))
            return 1;
    return (name[1] && ends(name, "~")) || (begins(name, "~$") && name[2]);
}

enum scan_name scan_name_kind(const char *name) {
    return name_is_noise(name)        ? SCAN_NAME_NOISE
           : name_is_unfinished(name) ? SCAN_NAME_UNFINISHED
           : name[0] == '.'           ? SCAN_NAME_HIDDEN
                                      : SCAN_NAME_PLAIN;
}

enum scan_name scan_name_folder_kind(const char *name) {
    static const char *const names[] = {"$RECYCLE.BIN", "#recycle", "@Recycle", "@eaDir", "System Volume Information",
                                        ".snapshot", ".snapshots"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(name, names[i]) == 0)
            return SCAN_NAME_NOISE;
    return begins(name, ".Trash") ? SCAN_NAME_NOISE : scan_name_kind(name);
}

static int name_order(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

int scan_names_load(int folder_fd, struct scan_names *ret) {
    struct scan_names names = {0};
    names.count = scandirat(folder_fd, ".", &names.list, NULL, name_order);
    if (names.count < 0)
        return err_from_errno(errno);
    for (int i = 0; i < names.count && !names.locks; i++) {
        const char *name = names.list[i]->d_name;
        names.locks = ends(name, ".lock") || begins(name, ".~lock.") || begins(name, "~$");
    }
    *ret = names;
    return 0;
}

void scan_names_drop(struct scan_names *names) {
    for (int i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
    *names = (struct scan_names){0};
}

static int names_have(const struct scan_names *names, const char *format, const char *name) {
    char wanted[2 * sizeof names->list[0]->d_name];
    snprintf(wanted, sizeof wanted, format, name);
    int low = 0, high = names->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(names->list[middle]->d_name, wanted);
        if (order == 0)
            return 1;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

int scan_name_locked(const struct scan_names *names, const char *name) {
    size_t len = strlen(name);
    return names->locks && (names_have(names, "%s.lock", name) || names_have(names, ".%s.lock", name) ||
                            names_have(names, ".~lock.%s#", name) || names_have(names, "~$%s", name) ||
                            /* The office program leaves out the first two letters of a long name. */
                            (len > 6 && (names_have(names, "~$%s", name + 1) || names_have(names, "~$%s", name + 2))));
}

/* The ending with its dot, when it is a short one; else the end of the name. */
static const char *name_ending(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot && dot != name && strlen(dot) <= ENDING_BYTES ? dot : name + strlen(name);
}

static int is_inside(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80; /* of a character of several bytes */
}

static size_t name_cut(const char *name, size_t most) {
    return text_cut(name, strlen(name), most);
}

/* Of a deep path the end says most. */
static const char *flat_tail(const char *flat) {
    size_t len = strlen(flat);
    const char *at = len > SCAN_NAME_BYTES ? flat + len - SCAN_NAME_BYTES : flat;
    for (int i = 0; i < 3 && is_inside(*at); i++)
        at++;
    return at;
}

static char *name_flat(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *own = slash ? slash + 1 : path;
    const char *ending = name_ending(own);
    if (strlen(own) > SCAN_NAME_BYTES) {
        char *stem = mem_text_part(own, name_cut(own, SCAN_NAME_BYTES - strlen(ending)));
        char *name = mem_print("%s%s", stem, ending);
        free(stem);
        return name;
    }
    char *flat = mem_text(path);
    for (char *c = flat; *c; c++)
        *c = *c == '/' ? ' ' : *c;
    char *name = mem_text(flat_tail(flat));
    free(flat);
    return name;
}

char *scan_name_in_done(int64_t receipt, const char *path) {
    char number[RECEIPT_TEXT];
    char *flat = name_flat(path);
    receipt_text(receipt, number);
    char *name = mem_print("%s-%s", number, flat);
    free(flat);
    return name;
}

/* It must not look like a receipt's. */
char *scan_name_in_failed(const char *path) {
    char *flat = name_flat(path);
    if (!scan_name_receipt(flat) && flat[0] != '.')
        return flat;
    char *name = mem_print("item %s", flat);
    free(flat);
    return name;
}

char *scan_name_other(const char *name, int n) {
    const char *ending = name_ending(name);
    return mem_print("%.*s (%d)%s", (int)(ending - name), name, n, ending);
}

int64_t scan_name_receipt(const char *name) {
    char number[RECEIPT_TEXT + 8];
    int64_t receipt;
    size_t digits = name[0] == 'R' ? strspn(name + 1, "0123456789") : 0;
    if (digits < 6 || digits > 18 || (name[digits + 1] != '-' && strcmp(name + digits + 1, ".txt")))
        return 0;
    snprintf(number, sizeof number, "%.*s", (int)digits + 1, name);
    return receipt_number(number, &receipt) ? 0 : receipt;
}
