#include "queue/message.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"

#include <stddef.h>
#include <stdlib.h>

enum field_kind { FIELD_END, FIELD_U8, FIELD_U32, FIELD_U64, FIELD_TEXT, FIELD_BYTES };

struct field {
    enum field_kind kind;
    const char *name;
    size_t at; /* offset in struct message */
    size_t most;
};

#define FIELDS_MOST 6
struct shape {
    enum message_type type;
    const char *name;
    uint8_t version;
    const char *from, *what;
    struct field fields[FIELDS_MOST];
};

static const struct shape shapes[] = {
#define U8(f) {FIELD_U8, #f, offsetof(struct message, f), 0},
#define U32(f) {FIELD_U32, #f, offsetof(struct message, f), 0},
#define U64(f) {FIELD_U64, #f, offsetof(struct message, f), 0},
#define TEXT(f, most) {FIELD_TEXT, #f, offsetof(struct message, f), most},
#define BYTES(f, most) {FIELD_BYTES, #f, offsetof(struct message, f), most},
#define MESSAGE(number, NAME, version, from, what, fields)                                                             \
    {MESSAGE_##NAME, #NAME, version, from, what, {fields{FIELD_END, NULL, 0, 0}}},
#include "queue/message.def"
#undef MESSAGE
#undef U8
#undef U32
#undef U64
#undef TEXT
#undef BYTES
};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static const struct shape *shape_of(unsigned type) {
    for (size_t i = 0; i < SHAPES; i++)
        if ((unsigned)shapes[i].type == type)
            return &shapes[i];
    return NULL;
}

const char *message_name(enum message_type type) {
    const struct shape *shape = shape_of(type);
    return shape ? shape->name : "?";
}

static void *field_place(const struct message *message, const struct field *field) {
    return (char *)(uintptr_t)message + field->at;
}

static void field_put(const struct message *message, const struct field *field, struct buf *out) {
    void *at = field_place(message, field);
    switch (field->kind) {
    case FIELD_U8:
        wire_put_u8(out, *(uint8_t *)at);
        break;
    case FIELD_U32:
        wire_put_u32(out, *(uint32_t *)at);
        break;
    case FIELD_U64:
        wire_put_u64(out, *(uint64_t *)at);
        break;
    case FIELD_TEXT:
        wire_put_text(out, *(char **)at);
        break;
    case FIELD_BYTES:
        wire_put_bytes(out, *(struct view *)at);
        break;
    case FIELD_END:
        break;
    }
}

void message_encode(const struct message *message, struct buf *out) {
    const struct shape *shape = shape_of(message->type);
    buf_add_text(out, "CF");
    wire_put_u8(out, (uint8_t)message->type);
    wire_put_u8(out, shape->version);
    for (const struct field *f = shape->fields; f->kind; f++)
        field_put(message, f, out);
}

static void field_take(struct wire_reader *in, const struct field *field, struct message *ret) {
    void *at = field_place(ret, field);
    switch (field->kind) {
    case FIELD_U8:
        *(uint8_t *)at = wire_u8(in);
        break;
    case FIELD_U32:
        *(uint32_t *)at = wire_u32(in);
        break;
    case FIELD_U64:
        *(uint64_t *)at = wire_u64(in);
        break;
    case FIELD_TEXT:
        *(char **)at = wire_text(in, field->most);
        break;
    case FIELD_BYTES:
        *(struct view *)at = wire_bytes(in, field->most);
        break;
    case FIELD_END:
        break;
    }
}

int message_decode(struct view frame, struct message *ret) {
    struct wire_reader in = wire_reader(frame);
    struct message message = {0};
    bool known = wire_u8(&in) == 'C' && wire_u8(&in) == 'F';
    const struct shape *shape = shape_of(wire_u8(&in));
    uint8_t version = wire_u8(&in);
    if (in.err || !known || !shape || version != shape->version)
        return ERR_PROTOCOL;
    message.type = shape->type;
    for (const struct field *f = shape->fields; f->kind; f++)
        field_take(&in, f, &message);
    int err = wire_end(&in);
    if (err)
        message_drop(&message);
    else
        *ret = message;
    return err;
}

void message_drop(struct message *message) {
    free(message->name);
    free(message->kinds);
    free(message->kind);
    free(message->doing);
    free(message->reason);
    *message = (struct message){0};
}

void message_write_reference(FILE *out) {
    static const char *const kinds[] = {"", "u8", "u32", "u64", "text", "bytes"};
    fprintf(out, "| number | message | version | from | fields | meaning |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < SHAPES; i++) {
        const struct shape *s = &shapes[i];
        fprintf(out, "| %d | %s | %d | %s |", (int)s->type, s->name, s->version, s->from);
        for (const struct field *f = s->fields; f->kind; f++)
            fprintf(out, " %s %s%s", kinds[f->kind], f->name, f[1].kind ? "," : "");
        fprintf(out, " | %s |\n", s->what);
    }
}
