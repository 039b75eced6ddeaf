#include "redact/find_text.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* One word while it is cut. */
struct cutter {
    struct find_text *text;
    struct vocabulary *vocabulary;
    uint32_t word;    /* in the row */
    uint32_t pending; /* marks for the next atom: an opening bracket, the beginning of a line or sentence */
    bool stopped;     /* the last atom ended a sentence */
    uint32_t atoms_before; /* count when the word began */
};

static bool is_apostrophe(uint32_t c) {
    return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x2BC || c == '`';
}

static bool is_hyphen(uint32_t c) {
    return c == '-' || c == 0x2010 || c == 0x2011 || c == 0xAD;
}

static bool is_part(uint32_t c) {
    return text_is_letter(c) || text_is_digit(c);
}

/* K.S. or J.S.H-P: the length of it, or 0. At least two letters, and no small letter after the last. */
static size_t dotted_length(const char *at) {
    const char *p = at;
    size_t letters = 0, len = 0;
    for (;;) {
        const char *q = p;
        uint32_t c = text_next(&q);
        if (!text_is_upper(c))
            break;
        uint32_t after = (unsigned char)*q;
        if (after != '.' && !(after == '-' && letters)) {
            const char *r = q;
            uint32_t next = text_next(&r);
            if (letters && !is_part(next)) {
                letters++;
                len = (size_t)(q - at);
            }
            break;
        }
        letters++;
        p = q + 1;
        len = (size_t)(p - at);
    }
    const char *end = at + len;
    uint32_t next = len ? text_next(&end) : 0;
    return letters >= 2 && !is_part(next) ? len : 0;
}

static uint32_t case_marks(const char *text, size_t bytes) {
    const char *at = text, *end = text + bytes;
    uint32_t c = text_next(&at), marks = 0;
    size_t upper = text_is_upper(c), letters = text_is_letter(c);
    if (text_is_digit(c))
        marks |= ATOM_NUMBER;
    if (text_is_upper(c))
        marks |= ATOM_CAPITAL;
    while (at < end) {
        c = text_next(&at);
        letters += text_is_letter(c);
        upper += text_is_upper(c);
    }
    if ((marks & ATOM_NUMBER) && letters)
        marks |= ATOM_CAPITAL;
    if (letters >= 2 && upper == letters)
        marks |= ATOM_CAPITALS | ATOM_CAPITAL;
    return marks;
}

/* Takes 's off the end: its length in bytes, or 0. */
static size_t owner_length(const char *text, size_t bytes) {
    const char *at = text;
    uint32_t before = 0, c = 0;
    size_t at_before = 0, at_last = 0;
    while (at < text + bytes) {
        before = c;
        at_before = at_last;
        at_last = (size_t)(at - text);
        c = text_next(&at);
    }
    if ((c == 's' || c == 'S') && is_apostrophe(before))
        return bytes - at_before;
    return 0;
}

static void atom_add(struct cutter *cut, const char *text, size_t bytes, uint32_t marks) {
    struct find_text *t = cut->text;
    char key[VOCABULARY_KEY];
    size_t owner = marks & ATOM_DOTTED ? 0 : owner_length(text, bytes);
    if (!vocabulary_key(text, bytes - owner, key))
        return;
    if (t->atom_count == t->atom_room) {
        t->atom_room = t->atom_room ? t->atom_room * 2 : 1024;
        t->atoms = mem_grow(t->atoms, t->atom_room, sizeof *t->atoms);
    }
    if (t->atom_count == 0 || cut->stopped)
        marks |= ATOM_BEGIN;
    cut->stopped = false;
    t->atoms[t->atom_count++] =
        (struct atom){.first = cut->word,
                      .last = cut->word,
                      .entry = vocabulary_intern(cut->vocabulary, key),
                      .page = t->words[cut->word].page,
                      .text = text,
                      .len = (uint32_t)bytes,
                      .marks = marks | cut->pending | case_marks(text, bytes) | (owner ? ATOM_OWNER : 0)};
    cut->pending = 0;
}

/* A full stop after a single capital or a title ends no sentence. */
static bool stop_counts(const struct cutter *cut) {
    const struct atom *last = &cut->text->atoms[cut->text->atom_count - 1];
    if ((last->marks & ATOM_DOTTED) || (last->len == 1 && !(last->marks & ATOM_NUMBER)))
        return false;
    return !(cut->vocabulary->list[last->entry].traits & WORD_TITLE);
}

static bool is_inner_stop(const char *behind) {
    uint32_t next = text_next(&behind);
    return text_is_digit(next) || (text_is_letter(next) && !text_is_upper(next));
}

/* behind: what follows in the word. A full stop within "16.05.24", "7.10pm" or "gov.example" ends no sentence; one within "home.Mum" does. */
static void sign_read(struct cutter *cut, uint32_t c, const char *behind) {
    if (c == '(' || c == '[')
        cut->pending |= ATOM_OPEN;
    if (!cut->text->atom_count)
        return;
    struct atom *last = &cut->text->atoms[cut->text->atom_count - 1];
    if (c == ')' || c == ']' || c == ';')
        last->marks |= ATOM_CLOSED;
    if (c == ',' || c == ')' || c == ']')
        last->marks |= ATOM_COMMA;
    else if (c == ':' || c == ';')
        last->marks |= ATOM_COLON;
    else if (c == '/' || c == '"' || c == 0x201C || c == 0x201D || c == '-' || c == 0x2013 || c == 0x2014 ||
             c == '|' || c == 0x2022 || c == '<' || c == '>' || c == '&' || c == '@' || c == '_')
        last->marks |= ATOM_DASH;
    else if (c == '.' && *behind && is_inner_stop(behind))
        last->marks |= ATOM_DASH;
    else if (c == '!' || c == '?' || (c == '.' && stop_counts(cut))) {
        last->marks |= ATOM_STOP;
        cut->stopped = true;
    }
}

/* "d.o.b", "e.g": single small letters with full stops between, which are one word and nobody's initials; 0 when there are not two. */
static size_t abbreviation_length(const char *text) {
    size_t len = 0;
    while (text[len] >= 'a' && text[len] <= 'z' && text[len + 1] == '.' && text[len + 2] >= 'a' && text[len + 2] <= 'z')
        len += 2;
    bool single = len && !(text[len + 1] >= 'a' && text[len + 1] <= 'z');
    return single ? len + 1 : 0;
}

/* The length of the atom that begins here: letters and digits, with apostrophes and hyphens between them. */
static size_t part_length(const char *text) {
    const char *at = text;
    size_t len = 0;
    for (uint32_t c; (c = text_next(&at));) {
        const char *peek = at;
        if (is_part(c))
            len = (size_t)(at - text);
        else if (!(is_apostrophe(c) || is_hyphen(c)) || !is_part(text_next(&peek)))
            break;
    }
    return len;
}

static void word_cut(struct cutter *cut, const char *text) {
    const char *at = text;
    uint32_t c = 0;
    size_t before = cut->text->atom_count;
    while (*at) {
        size_t dotted = dotted_length(at), len = dotted ? dotted : abbreviation_length(at);
        len = len ? len : part_length(at);
        if (len) {
            atom_add(cut, at, len, dotted ? ATOM_DOTTED : 0);
            at += len;
        } else {
            c = text_next(&at);
            sign_read(cut, c, at);
        }
        if (len)
            c = 0;
    }
    if (is_hyphen(c) && cut->text->atom_count > before)
        cut->text->atoms[cut->text->atom_count - 1].marks |= ATOM_HYPHEN;
}

static void words_list(const struct document_words *document, struct find_text *ret) {
    size_t count = 0;
    for (size_t p = 0; p < document->page_count; p++)
        count += document->pages[p].words.count;
    ret->words = mem_new((count + 1) * sizeof *ret->words);
    ret->word_atom = mem_new((count + 1) * sizeof *ret->word_atom);
    for (size_t p = 0; p < document->page_count; p++)
        for (size_t i = 0; i < document->pages[p].words.count; i++)
            ret->words[ret->word_count++] = (struct find_word){
                .word = &document->pages[p].words.list[i], .page = (uint32_t)p, .index = (uint32_t)i};
}

void find_text_make(const struct document_words *document, struct vocabulary *vocabulary,
                    struct find_text *ret) {
    memset(ret, 0, sizeof *ret);
    words_list(document, ret);
    struct cutter cut = {.text = ret, .vocabulary = vocabulary};
    for (size_t w = 0; w < ret->word_count; w++) {
        const struct find_word *now = &ret->words[w], *before = w ? now - 1 : NULL;
        if (!before || before->page != now->page || before->word->block != now->word->block)
            cut.pending |= ATOM_BEGIN | ATOM_LINE;
        else if (before->word->line != now->word->line)
            cut.pending |= ATOM_LINE;
        cut.word = (uint32_t)w;
        ret->word_atom[w] = (uint32_t)ret->atom_count;
        word_cut(&cut, now->word->text);
    }
    ret->word_atom[ret->word_count] = (uint32_t)ret->atom_count;
}

void find_text_drop(struct find_text *text) {
    free(text->words);
    free(text->atoms);
    free(text->word_atom);
    memset(text, 0, sizeof *text);
}

const char *find_text_word(const struct find_text *text, size_t word) {
    return word < text->word_count ? text->words[word].word->text : "";
}

bool find_text_same_page(const struct find_text *text, size_t a, size_t b) {
    return b < text->word_count && text->words[a].page == text->words[b].page;
}

bool find_text_joins(const struct find_text *text, size_t i) {
    if (i + 1 >= text->atom_count)
        return false;
    const struct atom *a = &text->atoms[i], *b = a + 1;
    if (a->marks & (ATOM_STOP | ATOM_COMMA | ATOM_COLON | ATOM_DASH | ATOM_OWNER))
        return false;
    return a->page == b->page && !(b->marks & ATOM_OPEN) && b->first - a->last <= 1;
}

char *find_text_copy(const struct find_text *text, uint32_t first, uint32_t last) {
    struct buf out = {0};
    for (uint32_t w = first; w <= last; w++) {
        if (w > first)
            buf_add_byte(&out, ' ');
        buf_add_text(&out, text->words[w].word->text);
    }
    buf_text(&out);
    return (char *)out.data;
}
