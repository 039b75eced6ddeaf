/* A saved Outlook message ([MS-OXMSG]): a file system in a file, each property a stream whose name has its
 * number. */
#include "ingest/outlook.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/mapi_message.h"

#include <gsf/gsf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD_TOP = 32,      /* bytes before the properties of a message */
    HEAD_EMBEDDED = 24, /* of a message in a message */
    HEAD_PART = 8,      /* of an attachment */
    ENTRY = 16,
    STREAM_BYTES_MOST = 256 << 20,
    CHILDREN_MOST = 20000,
    COPY_DEPTH_MOST = 24,
};

static const char properties_name[] = "__properties_version1.0";

/* ---- streams ------------------------------------------------------------------------------------------- */

static int stream_read(GsfInput *stream, struct buf *out) {
    gsf_off_t size = gsf_input_size(stream);
    if (size < 0)
        return ERR_DAMAGED;
    if (size > STREAM_BYTES_MOST)
        return ERR_TOO_LARGE;
    if (!size)
        return 0;
    uint8_t *bytes = mem_new((size_t)size);
    gsf_input_seek(stream, 0, G_SEEK_SET);
    int err = gsf_input_read(stream, (size_t)size, bytes) ? 0 : ERR_DAMAGED;
    if (!err)
        buf_add(out, bytes, (size_t)size);
    mem_free(&bytes);
    return err;
}

static GsfInfile *folder_open(GsfInfile *folder, const char *name) {
    GsfInput *child = gsf_infile_child_by_name(folder, name);
    if (child && GSF_IS_INFILE(child) && gsf_infile_num_children(GSF_INFILE(child)) >= 0)
        return GSF_INFILE(child);
    if (child)
        g_object_unref(child);
    return NULL;
}

/* ---- properties ---------------------------------------------------------------------------------------- */

struct target {
    struct mapi_message *message;
    struct mapi_part *part; /* NULL: of the message */
};

static void give_value(const struct target *to, uint32_t tag, struct view value) {
    if (to->part)
        mapi_part_take(to->message, to->part, tag, value);
    else
        mapi_message_take(to->message, tag >> 16, tag & 0xFFFF, value);
}

static uint32_t u32_at(const uint8_t *p) {
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Numbers and times stand in one stream. ERR_DAMAGED: it is not there. */
static int fixed_take(GsfInfile *folder, size_t head, const struct target *to) {
    GsfInput *stream = gsf_infile_child_by_name(folder, properties_name);
    struct buf bytes = {0};
    int err = stream ? stream_read(stream, &bytes) : ERR_DAMAGED;
    if (!err && bytes.len < head)
        err = ERR_DAMAGED;
    for (size_t at = head; !err && at + ENTRY <= bytes.len; at += ENTRY) {
        uint32_t tag = u32_at(bytes.data + at);
        unsigned type = tag & 0xFFFF;
        if (type == MAPI_LONG || type == MAPI_BOOLEAN || type == MAPI_TIME)
            give_value(to, tag,
                       view_of(bytes.data + at + 8, type == MAPI_TIME   ? 8
                                                    : type == MAPI_LONG ? 4
                                                                        : 2));
    }
    buf_drop(&bytes);
    if (stream)
        g_object_unref(stream);
    return err;
}

/* "__substg1.0_0037001F": the number and type of a property, or 0. */
static uint32_t tag_of(const char *name) {
    static const char front[] = "__substg1.0_";
    char *end;
    if (!name || strncmp(name, front, sizeof front - 1) != 0 || strlen(name) != sizeof front - 1 + 8)
        return 0;
    unsigned long tag = strtoul(name + sizeof front - 1, &end, 16);
    return *end ? 0 : (uint32_t)tag;
}

static int sized_take(GsfInfile *folder, const struct target *to) {
    int count = gsf_infile_num_children(folder), err = 0;
    if (count > CHILDREN_MOST)
        return ERR_TOO_MANY;
    for (int i = 0; !err && i < count; i++) {
        uint32_t tag = tag_of(gsf_infile_name_by_index(folder, i));
        unsigned type = tag & 0xFFFF;
        if (type != MAPI_STRING8 && type != MAPI_UNICODE && type != MAPI_BINARY)
            continue;
        GsfInput *stream = gsf_infile_child_by_index(folder, i);
        struct buf bytes = {0};
        err = stream ? stream_read(stream, &bytes) : ERR_DAMAGED;
        if (!err)
            give_value(to, tag, buf_view(&bytes));
        buf_drop(&bytes);
        if (stream)
            g_object_unref(stream);
    }
    return err;
}

/* ---- a message in a message ---------------------------------------------------------------------------- */

struct copying {
    int depth;
    int left; /* streams and folders that may still come */
};

static int folder_copy(GsfInfile *from, GsfOutfile *to, struct copying *c);

/* The properties of a message of its own have a longer head: eight bytes of nothing. */
static int stream_copy(GsfInput *from, GsfOutput *to, bool is_head) {
    static const uint8_t nothing[HEAD_TOP - HEAD_EMBEDDED];
    struct buf bytes = {0};
    int err = stream_read(from, &bytes);
    size_t head = is_head && bytes.len >= HEAD_EMBEDDED ? HEAD_EMBEDDED : 0;
    bool fine =
        !err &&
        (!head || (gsf_output_write(to, head, bytes.data) && gsf_output_write(to, sizeof nothing, nothing)));
    if (fine && bytes.len > head)
        fine = gsf_output_write(to, bytes.len - head, bytes.data + head);
    buf_drop(&bytes);
    return err ? err : fine ? 0 : ERR_MEMORY;
}

static int child_copy(GsfInfile *from, int i, GsfOutfile *to, struct copying *c) {
    const char *name = gsf_infile_name_by_index(from, i);
    GsfInput *child = gsf_infile_child_by_index(from, i);
    bool is_folder = child && GSF_IS_INFILE(child) && gsf_infile_num_children(GSF_INFILE(child)) >= 0;
    int err = child && name ? 0 : ERR_DAMAGED;
    if (!err) {
        GsfOutput *copy = gsf_outfile_new_child(to, name, is_folder);
        c->depth++;
        err = !copy       ? ERR_MEMORY
              : is_folder ? folder_copy(GSF_INFILE(child), GSF_OUTFILE(copy), c)
                          : stream_copy(child, copy, c->depth == 1 && strcmp(name, properties_name) == 0);
        c->depth--;
        if (copy) {
            gsf_output_close(copy);
            g_object_unref(copy);
        }
    }
    if (child)
        g_object_unref(child);
    return err;
}

static int folder_copy(GsfInfile *from, GsfOutfile *to, struct copying *c) {
    int count = gsf_infile_num_children(from), err = 0;
    if (c->depth > COPY_DEPTH_MOST)
        return ERR_TOO_DEEP;
    for (int i = 0; !err && i < count; i++)
        err = c->left-- > 0 ? child_copy(from, i, to, c) : ERR_TOO_MANY;
    return err;
}

/* A folder as a file of its own. */
static int folder_pack(GsfInfile *folder, struct buf *out) {
    GsfOutput *memory = gsf_output_memory_new();
    GsfOutfile *file = gsf_outfile_msole_new(memory);
    struct copying c = {.left = CHILDREN_MOST};
    int err = folder_copy(folder, file, &c);
    gsf_output_close(GSF_OUTPUT(file));
    if (!err)
        buf_add(out, gsf_output_memory_get_bytes(GSF_OUTPUT_MEMORY(memory)), (size_t)gsf_output_size(memory));
    g_object_unref(file);
    g_object_unref(memory);
    return err;
}

/* ---- attachments --------------------------------------------------------------------------------------- */

static int object_take(GsfInfile *folder, struct mapi_part *part) {
    GsfInfile *object = folder_open(folder, "__substg1.0_3701000D");
    if (!object)
        return 0;
    GsfInput *head = gsf_infile_child_by_name(object, properties_name);
    part->is_mail = head != NULL;
    if (head)
        g_object_unref(head);
    buf_reset(&part->bytes);
    int err = folder_pack(object, &part->bytes);
    part->has_bytes = !err;
    g_object_unref(object);
    return err;
}

static int part_take(GsfInfile *top, const char *name, struct mapi_message *message) {
    GsfInfile *folder = folder_open(top, name);
    struct mapi_part *part = folder ? mapi_part_add(message) : NULL;
    int err = folder ? part ? 0 : ERR_TOO_MANY : ERR_DAMAGED;
    struct target to = {message, part};
    if (!err)
        err = sized_take(folder, &to);
    if (!err)
        err = fixed_take(folder, HEAD_PART, &to);
    if (!err)
        err = object_take(folder, part);
    if (folder)
        g_object_unref(folder);
    return err;
}

static int parts_take(GsfInfile *top, struct mapi_message *message) {
    static const char front[] = "__attach_version1.0_#";
    int count = gsf_infile_num_children(top), err = 0;
    for (int i = 0; !err && i < count; i++) {
        const char *name = gsf_infile_name_by_index(top, i);
        if (name && strncmp(name, front, sizeof front - 1) == 0)
            err = part_take(top, name, message);
    }
    return err;
}

static int message_take(GsfInfile *top, struct mapi_message *message) {
    struct target to = {message, NULL};
    int err = fixed_take(top, HEAD_TOP, &to); /* first: it says the code page of texts */
    if (!err)
        err = sized_take(top, &to);
    return err ? err : parts_take(top, message);
}

int outlook_msg_open(struct view bytes, const struct mail_sink *sink) {
    GsfInput *input = gsf_input_memory_new(bytes.data, (gsf_off_t)bytes.len, FALSE);
    GsfInfile *top = input ? gsf_infile_msole_new(input, NULL) : NULL;
    struct mapi_message message = {0};
    int err = top ? message_take(top, &message) : ERR_DAMAGED;
    if (!err)
        err = mapi_message_give(&message, sink);
    mapi_message_drop(&message);
    if (top)
        g_object_unref(top);
    if (input)
        g_object_unref(input);
    return err;
}
