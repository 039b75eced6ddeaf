#include "ingest/archive.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/mail_text.h"
#include "ingest/zip_directory.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { PIECE = 64 << 10 };

struct unpacking {
    struct archive *archive;
    const struct part_sink *sink;
    struct view bytes;
    size_t out;     /* bytes that have come out */
    size_t entries; /* members, and what is no file */
    size_t members; /* that were given */
    size_t named;   /* entries that a zip's directory names, or 0 */
    bool locked, link_noted;
};

/* Each one by name: the "all" of the library would start programs for what it cannot read itself. */
static struct archive *reader_new(const char *password) {
    struct archive *a = archive_read_new();
    if (!a)
        return NULL;
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_lzma(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_filter_compress(a);
    archive_read_support_format_zip(a);
    archive_read_support_format_7zip(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_cpio(a);
    archive_read_support_format_ar(a);
    archive_read_support_format_rar(a);
    archive_read_support_format_rar5(a);
    archive_read_support_format_cab(a);
    archive_read_support_format_lha(a);
    archive_read_support_format_raw(a); /* for one packed file: see is_nothing */
    if (password && *password)
        archive_read_add_passphrase(a, password);
    return a;
}

/* "raw" takes anything; it is meant only for what was packed with gzip and the like. */
static bool is_nothing(struct archive *a) {
    return archive_format(a) == ARCHIVE_FORMAT_RAW && archive_filter_count(a) <= 1;
}

static int damage(const struct unpacking *u) {
    return archive_errno(u->archive) == ENOMEM ? ERR_TOO_LARGE : ERR_DAMAGED;
}

static int trouble(const struct unpacking *u) {
    return u->locked || archive_read_has_encrypted_entries(u->archive) == 1 ? ERR_LOCKED : damage(u);
}

static bool is_too_large(const struct unpacking *u) {
    return u->out > ARCHIVE_BYTES_MOST ||
           (u->out > ARCHIVE_RATIO_FREE && u->out / ARCHIVE_RATIO_MOST > u->bytes.len);
}

static int member_read(struct unpacking *u, struct buf *bytes) {
    for (;;) {
        uint8_t piece[PIECE];
        ssize_t count = archive_read_data(u->archive, piece, sizeof piece);
        if (count == 0)
            return 0;
        if (count < 0)
            return trouble(u);
        u->out += (size_t)count;
        if (bytes->len + (size_t)count > ARCHIVE_MEMBER_BYTES_MOST || is_too_large(u))
            return ERR_TOO_LARGE;
        buf_add(bytes, piece, (size_t)count);
    }
}

static void member_name(struct unpacking *u, struct archive_entry *entry, struct buf *out) {
    if (archive_format(u->archive) == ARCHIVE_FORMAT_RAW)
        return; /* the library says "data" */
    const char *name = archive_entry_pathname_utf8(entry);
    if (!name)
        name = archive_entry_pathname(entry);
    if (name)
        mail_text(view_text(name), NULL, out);
}

static int note_once(struct unpacking *u) {
    if (u->link_noted)
        return 0;
    u->link_noted = true;
    return u->sink->note(u->sink->state, "this archive holds links or devices; they were left out");
}

static bool is_file(struct archive_entry *entry) {
    unsigned type = archive_entry_filetype(entry);
    return (type == AE_IFREG || type == 0) && !archive_entry_hardlink(entry);
}

static int member_give(struct unpacking *u, struct archive_entry *entry) {
    if (archive_entry_filetype(entry) == AE_IFDIR)
        return 0;
    if (!is_file(entry))
        return note_once(u);
    struct buf bytes = {0}, name = {0};
    int err = member_read(u, &bytes);
    if (err == ERR_LOCKED) { /* others may be open */
        u->locked = true;
        err = 0;
    } else if (!err) {
        member_name(u, entry, &name);
        struct found_part part = {buf_text(&name), "", "member", buf_view(&bytes)};
        u->members++;
        err = u->sink->part(u->sink->state, &part);
    }
    buf_drop(&bytes);
    buf_drop(&name);
    return err;
}

static int entry_take(struct unpacking *u, struct archive_entry *entry) {
    if (is_nothing(u->archive))
        return ERR_DAMAGED;
    if (++u->entries > 2 * ARCHIVE_MEMBERS_MOST || u->members >= ARCHIVE_MEMBERS_MOST)
        return ERR_TOO_MANY;
    if (archive_entry_size_is_set(entry) &&
        archive_entry_size(entry) > (la_int64_t)ARCHIVE_MEMBER_BYTES_MOST && is_file(entry))
        return ERR_TOO_LARGE;
    return member_give(u, entry);
}

/* A zip whose directory names more than was found (the library passes over two names for one place) has not
 * been read whole. */
static int at_end(const struct unpacking *u) {
    if (u->locked)
        return ERR_LOCKED;
    return u->entries && u->entries >= u->named ? 0 : ERR_DAMAGED;
}

static bool is_zip(struct archive *a) {
    return (archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
}

static int unpack(struct unpacking *u) {
    for (;;) {
        struct archive_entry *entry;
        int rc = archive_read_next_header(u->archive, &entry);
        if (rc == ARCHIVE_EOF)
            return at_end(u);
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
            return trouble(u);
        int err = !u->entries && is_zip(u->archive) && archive_filter_count(u->archive) <= 1
                      ? zip_directory_check(u->bytes, &u->named)
                      : 0;
        if (!err)
            err = entry_take(u, entry);
        if (err)
            return err;
    }
}

int archive_open_with(struct view bytes, const char *password, const struct part_sink *sink) {
    struct unpacking u = {.archive = reader_new(password), .sink = sink, .bytes = bytes};
    if (!u.archive)
        return ERR_MEMORY;
    int err = archive_read_open_memory(u.archive, bytes.data, bytes.len);
    /* After a failed open the library must not be asked for more: its format then points past the last. */
    err = err == ARCHIVE_OK ? unpack(&u) : damage(&u);
    archive_read_free(u.archive);
    return err;
}

int archive_open(struct view bytes, const struct part_sink *sink) {
    return archive_open_with(bytes, "", sink);
}
