#include "ocr/pdf_fonts.h"

#include <ctype.h>
#include <string.h>

enum { TABLE_BYTES_MOST = 1 << 20 };

/* ---- the ToUnicode table ---- */

struct table {
    const uint8_t *at, *end;
};

enum item { ITEM_END, ITEM_WORD, ITEM_CODE, ITEM_OPEN, ITEM_CLOSE };

struct token {
    enum item item;
    char word[16];
    uint32_t value; /* of a hexadecimal string, when it has at most 4 bytes */
    int digits;
};

static void token_hex(struct table *in, struct token *t) {
    while (in->at < in->end && *in->at != '>') {
        uint8_t c = *in->at++;
        if (!isxdigit(c))
            continue;
        t->value = t->value << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        t->digits++;
    }
    if (in->at < in->end)
        in->at++;
}

static struct token token_next(struct table *in) {
    struct token t = {.item = ITEM_END};
    while (in->at < in->end && (isspace(*in->at) || !*in->at))
        in->at++;
    if (in->at == in->end)
        return t;
    uint8_t c = *in->at++;
    if (c == '<' && in->at < in->end && *in->at != '<') {
        t.item = ITEM_CODE;
        token_hex(in, &t);
    } else if (c == '[' || c == ']') {
        t.item = c == '[' ? ITEM_OPEN : ITEM_CLOSE;
    } else {
        size_t n = 0;
        t.item = ITEM_WORD;
        for (in->at--; in->at < in->end && !isspace(*in->at) && !strchr("<[]", *in->at); in->at++)
            if (n + 1 < sizeof t.word)
                t.word[n++] = (char)*in->at;
        in->at += n == 0; /* a "<" of "<<" */
    }
    return t;
}

static void characters_set(struct pdf_characters *c, const struct token *code, uint32_t plus,
                           const struct token *to) {
    uint32_t at = code->value + plus;
    if (code->digits <= 2 && at < 256)
        c->of[at] = to->digits == 4 ? to->value + plus : 0;
}

static void read_range(struct table *in, struct pdf_characters *c, const struct token *from,
                       const struct token *last) {
    struct token to = token_next(in);
    uint32_t count = last->value >= from->value && last->value < 256 ? last->value - from->value + 1 : 0;
    if (to.item == ITEM_CODE) {
        for (uint32_t i = 0; i < count; i++)
            characters_set(c, from, i, &to);
        return;
    }
    for (uint32_t i = 0; to.item == ITEM_OPEN || to.item == ITEM_CODE; to = token_next(in)) {
        if (to.item == ITEM_CODE && i < count && from->digits <= 2 && from->value + i < 256)
            c->of[from->value + i] = to.digits == 4 ? to.value : 0;
        i += to.item == ITEM_CODE;
    }
}

void pdf_characters_read(struct view bytes, struct pdf_characters *ret) {
    struct table in = {.at = bytes.data, .end = bytes.len ? bytes.data + bytes.len : bytes.data};
    enum { OUTSIDE, CHARS, RANGES } section = OUTSIDE;
    memset(ret, 0, sizeof *ret);
    for (struct token t = token_next(&in); t.item != ITEM_END; t = token_next(&in)) {
        if (t.item == ITEM_WORD) {
            section = strcmp(t.word, "beginbfchar") == 0    ? CHARS
                      : strcmp(t.word, "beginbfrange") == 0 ? RANGES
                                                            : OUTSIDE;
        } else if (t.item == ITEM_CODE && section != OUTSIDE) {
            struct token next = token_next(&in);
            if (next.item == ITEM_CODE && section == CHARS)
                characters_set(ret, &t, 0, &next);
            else if (next.item == ITEM_CODE)
                read_range(&in, ret, &t, &next);
            else if (next.item == ITEM_WORD)
                section = OUTSIDE;
        }
    }
}

/* ---- what the encoding calls the codes ---- */

/* "/A" is A, "/seven" is 7; 0 for other names. */
static uint32_t character_of_name(const char *name) {
    static const char *const digits[] = {"/zero", "/one", "/two",   "/three", "/four",
                                         "/five", "/six", "/seven", "/eight", "/nine"};
    if (strlen(name) == 2 && isalpha((uint8_t)name[1]))
        return (uint8_t)name[1];
    for (uint32_t i = 0; i < 10; i++)
        if (strcmp(name, digits[i]) == 0)
            return '0' + i;
    return 0;
}

/* Letters and digits have their ASCII codes in Standard, WinAnsi and MacRoman encoding. */
static void encoding_plain(struct pdf_characters *c) {
    for (uint32_t i = 0; i < 128; i++)
        if (isalnum((int)i))
            c->of[i] = i;
}

static void encoding_differences(qpdf_data q, qpdf_oh list, struct pdf_characters *c) {
    long long code = 0;
    int count = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;
    for (int i = 0; i < count; i++) {
        qpdf_oh item = qpdf_oh_get_array_item(q, list, i);
        if (qpdf_oh_is_name(q, item)) {
            if (code >= 0 && code < 256)
                c->of[code] = character_of_name(qpdf_oh_get_name(q, item));
            code++;
        } else {
            qpdf_oh_get_value_as_longlong(q, item, &code);
        }
    }
}

static bool font_is_embedded(qpdf_data q, qpdf_oh font) {
    qpdf_oh facts = qpdf_oh_get_key_if_dict(q, font, "/FontDescriptor");
    return qpdf_oh_is_dictionary(q, facts) &&
           (pdf_key_is_there(q, facts, "/FontFile") || pdf_key_is_there(q, facts, "/FontFile2") ||
            pdf_key_is_there(q, facts, "/FontFile3"));
}

static bool is_known_encoding(qpdf_data q, qpdf_oh name) {
    return qpdf_oh_is_name_and_equals(q, name, "/WinAnsiEncoding") ||
           qpdf_oh_is_name_and_equals(q, name, "/MacRomanEncoding") ||
           qpdf_oh_is_name_and_equals(q, name, "/StandardEncoding");
}

/* Symbol and Dingbats, and a symbolic TrueType font, have codes of their own. */
static bool font_has_own_codes(qpdf_data q, qpdf_oh font) {
    qpdf_oh name = qpdf_oh_get_key(q, font, "/BaseFont");
    const char *base = qpdf_oh_is_name(q, name) ? qpdf_oh_get_name(q, name) : "";
    qpdf_oh facts = qpdf_oh_get_key_if_dict(q, font, "/FontDescriptor");
    bool symbolic = qpdf_oh_is_dictionary(q, facts) && pdf_key_number(q, facts, "/Flags", 0) & 4;
    return symbolic || strcasestr(base, "symbol") || strcasestr(base, "dingbat");
}

static void font_encoding(qpdf_data q, qpdf_oh font, struct pdf_characters *c) {
    qpdf_oh encoding = qpdf_oh_get_key(q, font, "/Encoding");
    bool dict = qpdf_oh_is_dictionary(q, encoding);
    qpdf_oh base = dict ? qpdf_oh_get_key(q, encoding, "/BaseEncoding") : encoding;
    memset(c, 0, sizeof *c);
    if (font_has_own_codes(q, font) && font_is_embedded(q, font))
        return;
    if (is_known_encoding(q, base) || (!font_is_embedded(q, font) && !font_has_own_codes(q, font)))
        encoding_plain(c);
    if (dict)
        encoding_differences(q, qpdf_oh_get_key(q, encoding, "/Differences"), c);
}

bool pdf_font_lies(qpdf_data q, qpdf_oh font) {
    if (!qpdf_oh_is_dictionary(q, font))
        return false;
    qpdf_oh kind = qpdf_oh_get_key(q, font, "/Subtype"), table = qpdf_oh_get_key(q, font, "/ToUnicode");
    if (!qpdf_oh_is_stream(q, table) || qpdf_oh_is_name_and_equals(q, kind, "/Type0") ||
        qpdf_oh_is_name_and_equals(q, kind, "/Type3"))
        return false;
    struct buf bytes = {0};
    struct pdf_characters says, shows;
    int compared = 0, wrong = 0;
    pdf_stream_unpack(q, table, TABLE_BYTES_MOST, &bytes, NULL, NULL);
    pdf_characters_read(buf_view(&bytes), &says);
    font_encoding(q, font, &shows);
    for (int i = 0; i < 256; i++) {
        if (!says.of[i] || !shows.of[i])
            continue;
        compared++;
        wrong += says.of[i] > 127 || tolower((int)says.of[i]) != tolower((int)shows.of[i]);
    }
    buf_drop(&bytes);
    return wrong > 1 || (wrong && compared < 5);
}
