#include "ocr/language.h"

#include "base/mem.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct language table[] = {
#define LANGUAGE(code, name, package, script, words) {#code, name, package, SCRIPT_##script, words},
#include "ocr/languages.def"
#undef LANGUAGE
};

enum {
    LANGUAGES = sizeof table / sizeof table[0],
    ENGLISH = 0,           /* the first row */
    SLOTS = 16384,         /* of the word index: a power of two, twice its words and more */
    SEEN_SLOTS = 1024,     /* of the words that a page was seen to have */
    REPEATS_MOST = 3,      /* a word counts no oftener: the "dos" and "von" of names in a table */
    LETTERS_LEAST = 2,     /* of a word, to say anything */
    CONFIDENCE_LEAST = 15, /* below: no word, but a stroke that was taken for one */
};
static_assert(LANGUAGES <= 64, "a word's languages are bits of 64");

struct slot {
    uint64_t word;      /* its folded form's hash; 0: free */
    uint64_t languages; /* bit i: row i has it; of a word seen on a page: how often */
};

static struct {
    struct slot slots[SLOTS];
    uint64_t installed; /* bit i: row i is there and wanted */
    bool indexed;
} known;

/* ---- words, folded */

/* Letters that Unicode does not take apart, and letters that one hand writes for another. */
static uint32_t letter_plain(uint32_t c) {
    static const uint32_t pairs[][2] = {{0x142, 'l'},   {0x111, 'd'},   {0xF0, 'd'},    {0xF8, 'o'},
                                        {0x131, 'i'},   {0xE6, 'a'},    {0x153, 'o'},   {0x64A, 0x6CC},
                                        {0x649, 0x6CC}, {0x643, 0x6A9}, {0x6C1, 0x647}, {0x6D5, 0x647},
                                        {0x6BE, 0x647}, {0x671, 0x627}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (pairs[i][0] == c)
            return pairs[i][1];
    return c;
}

static uint64_t hash_letter(uint64_t hash, uint32_t c) { /* FNV-1a, a letter at a time */
    return (hash ^ c) * 0x100000001B3u;
}

struct token {
    uint64_t hash; /* of its letters, folded; never 0 */
    unsigned letters;
    enum script script; /* of its first letter */
    bool small;         /* it begins with a small letter, or its script has no others */
};

static struct token token_plain(const char *text, size_t len) {
    struct token token = {.hash = 0xCBF29CE484222325u, .script = SCRIPT_LATIN};
    for (size_t i = 0; i < len; i++) {
        uint32_t c = (unsigned char)text[i];
        bool capital = c >= 'A' && c <= 'Z';
        if (!capital && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            continue;
        if (token.letters++ == 0)
            token.small = c >= 'a';
        token.hash = hash_letter(token.hash, capital ? c + 32 : c);
    }
    return token;
}

static struct token token_of(const char *text, size_t len) {
    bool plain = true;
    for (size_t i = 0; i < len && plain; i++)
        plain = (unsigned char)text[i] < 0x80;
    if (plain)
        return token_plain(text, len);
    struct token token = {.hash = 0xCBF29CE484222325u};
    char *word = mem_text_part(text, len), *key = text_key(word);
    const char *at = word;
    for (uint32_t c; token.script == SCRIPT_NONE && (c = text_next(&at));) {
        token.script = text_is_letter(c) ? script_of_letter(c) : SCRIPT_NONE;
        token.small = !text_is_upper(c);
    }
    at = key;
    for (uint32_t c; (c = text_next(&at)); token.letters++)
        token.hash = hash_letter(token.hash, letter_plain(c));
    free(key);
    free(word);
    return token;
}

/* ---- the index of all rows' words */

static struct slot *slot_find(struct slot *slots, size_t count, uint64_t word) {
    size_t at = (size_t)(word >> 20) & (count - 1);
    for (size_t tried = 0; tried < count; tried++, at = (at + 1) & (count - 1))
        if (slots[at].word == word || slots[at].word == 0)
            return &slots[at];
    return NULL;
}

static void index_row(size_t row) {
    const char *at = table[row].words;
    while (*at) {
        size_t len = strcspn(at, " ");
        struct token token = token_of(at, len);
        struct slot *slot = token.letters ? slot_find(known.slots, SLOTS, token.hash) : NULL;
        if (slot) {
            slot->word = token.hash;
            slot->languages |= UINT64_C(1) << row;
        }
        at += len + strspn(at + len, " ");
    }
}

static void index_make(void) {
    if (known.indexed)
        return;
    for (size_t row = 0; row < LANGUAGES; row++)
        index_row(row);
    /* What is an English word as well says nothing about either. */
    uint64_t english = UINT64_C(1) << ENGLISH;
    for (size_t i = 0; i < SLOTS; i++)
        if (known.slots[i].languages & english && known.slots[i].languages != english)
            known.slots[i].languages = 0;
    known.indexed = true;
}

/* ---- a page's words, counted */

struct tally {
    uint32_t letters[SCRIPTS]; /* of words in each script */
    uint32_t words;            /* that could have been common words */
    uint32_t confidence;       /* 0 to 100 each, of them all */
    uint32_t hits[LANGUAGES];  /* of them: common words of the language */
    uint32_t kinds[LANGUAGES]; /* different ones */
    struct slot seen[SEEN_SLOTS];
    size_t seen_count;
};

static void tally_word(struct tally *tally, const struct token *token, uint8_t confidence) {
    tally->words++;
    tally->confidence += confidence;
    const struct slot *slot = slot_find(known.slots, SLOTS, token->hash);
    if (!slot || !slot->languages)
        return;
    struct slot *seen =
        tally->seen_count < SEEN_SLOTS / 2 ? slot_find(tally->seen, SEEN_SLOTS, token->hash) : NULL;
    bool fresh = seen && seen->word == 0;
    if (fresh) {
        seen->word = token->hash;
        tally->seen_count++;
    }
    if (seen && ++seen->languages > REPEATS_MOST)
        return;
    for (uint64_t rest = slot->languages; rest; rest &= rest - 1) {
        int row = __builtin_ctzll(rest);
        tally->hits[row]++;
        tally->kinds[row] += fresh;
    }
}

/* Chinese and Japanese put no spaces: each sign is looked up. */
static void tally_signs(struct tally *tally, const struct word *word) {
    for (const char *at = word->text, *from = at; text_next(&at); from = at) {
        struct token token = token_of(from, (size_t)(at - from));
        tally->letters[token.script]++;
        if (token.script == SCRIPT_HAN)
            tally_word(tally, &token, word->confidence);
    }
}

/* Names begin with capitals, and "de la" and "van der" are parts of names: so on a page that has small
 * letters at all, only words that begin with one count. */
static struct tally *tally_make(const struct words *words, bool capitals_too) {
    struct tally *tally = mem_new(sizeof *tally);
    for (size_t i = 0; i < words->count; i++) {
        const struct word *word = &words->list[i];
        if (word->confidence < CONFIDENCE_LEAST)
            continue;
        struct token token = token_of(word->text, strlen(word->text));
        if (token.script == SCRIPT_HAN || token.script == SCRIPT_KANA) {
            tally_signs(tally, word);
            continue;
        }
        tally->letters[token.script] += token.letters;
        if (token.letters >= LETTERS_LEAST && (token.small || capitals_too) && token.script != SCRIPT_NONE)
            tally_word(tally, &token, word->confidence);
    }
    return tally;
}

/* ---- what they tell */

enum {
    HITS_LEAST = 8,   /* common words of another language on a page, */
    KINDS_LEAST = 9,  /* of them different, */
    SHARE_LEAST = 14, /* and of 100 words so many */
    CONFIDENCE_MEAN_LEAST =
        50, /* of words in Latin letters: below, they are not words but other letters or a hand */
    PART_KINDS_LEAST = 5,  /* different common words in a part of a page, */
    PART_SHARE_LEAST = 22, /* and of 100 so many, make up for a poor quality: Nastaliq is read at 46 */
    LATIN_SURE = 6,     /* of script detection: of letters of another script it said Latin with at most 4.7 */
    QUALITY_WELL = 75,  /* reached by no engine of another script; the Chinese and Japanese ones tell each
                           other by signs */
    QUALITY_LEAST = 40, /* below: nothing is sure */
    QUALITY_AHEAD = 8,  /* of the standing engine */
};

static enum script tally_script(const struct tally *tally) {
    uint32_t all = 0, most = 0;
    enum script script = SCRIPT_NONE;
    for (int s = SCRIPT_LATIN; s < SCRIPTS; s++) {
        all += tally->letters[s];
        if (tally->letters[s] > most) {
            most = tally->letters[s];
            script = (enum script)s;
        }
    }
    if (tally->letters[SCRIPT_KANA] * 10 > all) /* no Chinese has them */
        return SCRIPT_KANA;
    return script;
}

/* The two rows with the most hits among those of the script, English apart. */
static void tally_best(const struct tally *tally, enum script script, int best[2]) {
    best[0] = best[1] = -1;
    for (int row = ENGLISH + 1; row < LANGUAGES; row++) {
        if (table[row].script != script || tally->hits[row] == 0)
            continue;
        if (best[0] < 0 || tally->hits[row] > tally->hits[best[0]]) {
            best[1] = best[0];
            best[0] = row;
        } else if (best[1] < 0 || tally->hits[row] > tally->hits[best[1]]) {
            best[1] = row;
        }
    }
}

/* How far the best is ahead of the next: related languages share words. */
static uint8_t tally_sure(const struct tally *tally, const int best[2]) {
    uint32_t first = tally->hits[best[0]], second = best[1] < 0 ? 0 : tally->hits[best[1]];
    uint32_t ahead = 100 * (first - second) / first; /* of 100 */
    return (uint8_t)(ahead >= 25 ? 90 : 40 + 2 * ahead);
}

static struct language_guess guess_latin(const struct tally *tally) {
    struct language_guess guess = {0};
    int best[2];
    tally_best(tally, SCRIPT_LATIN, best);
    if (best[0] < 0)
        return guess;
    uint32_t hits = tally->hits[best[0]];
    if (tally->confidence < tally->words * CONFIDENCE_MEAN_LEAST)
        return guess;
    if (hits < HITS_LEAST || tally->kinds[best[0]] < KINDS_LEAST || hits * 100 < tally->words * SHARE_LEAST)
        return guess;
    guess.language = &table[best[0]];
    guess.second = best[1] < 0 ? NULL : &table[best[1]];
    guess.sure = tally_sure(tally, best);
    return guess;
}

static struct language_guess guess_other(const struct tally *tally, enum script script) {
    int best[2];
    tally_best(tally, script, best);
    if (best[0] < 0) {
        struct language_guess guess = language_guess_of_script(script);
        guess.sure = guess.second ? 0 : 90; /* the script has one language here */
        return guess;
    }
    return (struct language_guess){&table[best[0]], best[1] < 0 ? NULL : &table[best[1]],
                                   tally_sure(tally, best)};
}

struct language_guess language_guess_words(const struct words *words) {
    index_make();
    struct tally *tally = tally_make(words, false);
    if (tally->letters[SCRIPT_LATIN] > 0 && tally->words * 4 < words->count) { /* all in capitals */
        free(tally);
        tally = tally_make(words, true);
    }
    enum script script = tally_script(tally);
    struct language_guess guess = {0};
    if (script == SCRIPT_LATIN)
        guess = guess_latin(tally);
    else if (script != SCRIPT_NONE)
        guess = guess_other(tally, script);
    free(tally);
    return guess;
}

/* ---- what is installed */

static int row_of(const char *code) {
    for (int row = 0; row < LANGUAGES; row++)
        if (strcmp(table[row].code, code) == 0)
            return row;
    return -1;
}

const struct language *language_of(const char *code) {
    int row = row_of(code);
    return row < 0 ? NULL : &table[row];
}

/* Whether code stands in a list with the given signs between. */
static bool list_has(const char *list, const char *signs, const char *code) {
    size_t len = strlen(code);
    while (*list) {
        size_t part = strcspn(list, signs);
        if (part == len && strncmp(list, code, len) == 0)
            return true;
        list += part + strspn(list + part, signs);
    }
    return false;
}

bool language_is_in(const char *code, const char *engine) {
    return list_has(engine, "+", code);
}

void languages_start(const char *folder, const char *wanted) {
    index_make();
    known.installed = 0;
    if (!folder)
        folder = getenv("TESSDATA_PREFIX");
    if (!folder)
        folder = "/usr/share/tesseract-ocr/5/tessdata";
    for (int row = 0; row < LANGUAGES && strcmp(wanted, "none") != 0; row++) {
        char *path = mem_print("%s/%s.traineddata", folder, table[row].code);
        bool is_wanted = strcmp(wanted, "auto") == 0 || list_has(wanted, "+, ", table[row].code);
        if (is_wanted && *table[row].package && access(path, R_OK) == 0)
            known.installed |= UINT64_C(1) << row;
        free(path);
    }
}

bool language_is_installed(const char *code) {
    int row = row_of(code);
    return row >= 0 && known.installed >> row & 1;
}

bool language_engine(const struct language_guess *guess, char text[LANGUAGE_ENGINE_BYTES]) {
    if (!guess->language || !language_is_installed(guess->language->code))
        return false;
    snprintf(text, LANGUAGE_ENGINE_BYTES, "%s+eng", guess->language->code);
    return true;
}

struct language_guess language_guess_of_script(enum script script) {
    struct language_guess guess = {0};
    for (int row = ENGLISH + 1; row < LANGUAGES && script != SCRIPT_LATIN; row++) {
        if (table[row].script != script)
            continue;
        if (!guess.language)
            guess.language = &table[row];
        else if (!language_is_installed(guess.language->code) && known.installed >> row & 1)
            guess.language = &table[row];
        else if (!guess.second)
            guess.second = &table[row];
    }
    return guess;
}

/* The first installed row of the script, or with Chinese any; -1: none left after row. */
static int candidate_next(enum script script, int row) {
    if (row >= 0 && script != SCRIPT_HAN)
        return -1;
    for (row = row < 0 ? ENGLISH + 1 : row + 1; row < LANGUAGES; row++)
        if (table[row].script == script && known.installed >> row & 1)
            return row;
    return -1;
}

size_t language_candidates(struct script_found found, const struct language *list[LANGUAGE_CANDIDATES_MOST]) {
    size_t count = 0;
    if (found.script == SCRIPT_LATIN && found.sure >= LATIN_SURE)
        return 0;
    for (int i = SCRIPT_LATIN; i < SCRIPTS; i++) {
        enum script script = i == SCRIPT_LATIN ? found.script : (enum script)i;
        if (script <= SCRIPT_LATIN || (i > SCRIPT_LATIN && script == found.script))
            continue;
        for (int row = -1; (row = candidate_next(script, row)) >= 0 && count < LANGUAGE_CANDIDATES_MOST;)
            list[count++] = &table[row];
    }
    return count;
}

bool language_fits(const struct language *language, const struct words *words, uint8_t quality,
                   uint8_t english_quality) {
    if (quality < QUALITY_LEAST || quality < english_quality + QUALITY_AHEAD)
        return false;
    index_make();
    struct tally *tally = tally_make(words, false);
    int best[2];
    bool fits = tally_script(tally) == language->script;
    tally_best(tally, language->script, best);
    if (fits && quality < QUALITY_WELL)
        fits = best[0] >= 0 && tally->kinds[best[0]] >= PART_KINDS_LEAST &&
               tally->hits[best[0]] * 100 >= tally->words * PART_SHARE_LEAST;
    free(tally);
    return fits;
}

/* Script detection takes Gurmukhi for Devanagari. */
static bool script_may_be(enum script script, enum script found) {
    return script == found || (found == SCRIPT_DEVANAGARI && script == SCRIPT_GURMUKHI);
}

/* The script's name, and the packages of its languages, as many as have room. */
static char *script_missing_text(enum script script) {
    enum { TEXT_BYTES_MOST = 200 };
    struct buf text = {0};
    buf_print(&text, "seems to be in %s letters; to have it read, install Debian's package",
              script_letters_text(script));
    const char *between = " ";
    for (int row = 0; row < LANGUAGES; row++) {
        const struct language *l = &table[row];
        if (!script_may_be(l->script, script) ||
            text.len + strlen(l->package) + strlen(l->name) + 8 > TEXT_BYTES_MOST)
            continue;
        buf_print(&text, "%s%s (%s)", between, l->package, l->name);
        between = " or ";
    }
    buf_text(&text);
    return (char *)text.data;
}

char *language_missing_text(const struct language_guess *guess) {
    const struct language *l = guess->language;
    assert(l);
    if (l->script != SCRIPT_LATIN && guess->sure < LANGUAGE_SURE &&
        (guess->second || l->script == SCRIPT_DEVANAGARI))
        return script_missing_text(l->script);
    if (!*l->package)
        return mem_print(
            "seems to be in %s, which the recognition does not know: check it against the picture", l->name);
    return mem_print("seems to be in %s; to have it read, install Debian's package %s", l->name, l->package);
}
