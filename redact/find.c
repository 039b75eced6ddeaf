/* find.c: the finder: one document in, flags out. */
#include "redact/find_private.h"

#include "redact/fact_words.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_KEPT 50000 /* of documents, before the vocabulary is cut back to the register's */

static void case_make(struct finder *finder, int64_t subject_id) {
    find_party_case(finder, subject_id);
    for (size_t i = 0; i < finder->case_party_count; i++)
        find_forms_case(finder, (uint32_t)i);
    finder->case_form_count = finder->form_count;
    finder->case_wanted_count = finder->wanted_count;
    finder->words_known = finder->vocabulary.count;
}

struct finder *finder_new(const struct people *people, const struct rules *rules, int64_t subject_id) {
    struct finder *finder = mem_new(sizeof *finder);
    finder->people = people;
    finder->rules = rules;
    finder->requester = "subject";
    find_words_add(&finder->vocabulary);
    finder->reg = find_register_new(people, &finder->vocabulary);
    finder->words_base = finder->vocabulary.count;
    case_make(finder, subject_id);
    return finder;
}

void finder_turn(struct finder *finder, int64_t subject_id) {
    finder->case_form_count = finder->case_wanted_count = 0;
    find_forms_forget(finder);
    party_drop_from(finder, 0);
    /* Words of the documents of other cases are not kept for ever. */
    if (finder->vocabulary.count > finder->words_base + WORDS_KEPT)
        vocabulary_forget(&finder->vocabulary, finder->words_base);
    for (size_t i = 0; i < finder->vocabulary.count; i++) {
        finder->vocabulary.list[i].resolved = false;
        finder->vocabulary.list[i].mended = NULL; /* what is a name now is not mended to a word */
        finder->vocabulary.list[i].fact = 0;
    }
    case_make(finder, subject_id);
}

void finder_equip(struct finder *finder, const struct finder_aids *aids) {
    tagger_drop(&finder->tagger);
    if (aids->model)
        finder->tagger = tagger_new(&(struct tagger_order){aids->model, aids->flag_bias, aids->look_bias});
    fact_index_drop(&finder->facts);
    mender_drop(&finder->mender);
    if (aids->facts) {
        finder->facts = fact_index_new(aids->facts);
        finder->mender = mender_new(&finder->vocabulary, aids->facts, aids->model);
    }
    if (aids->lists) {
        find_listed_learn(finder, aids->lists);
        finder->words_known = finder->words_base = finder->vocabulary.count;
    }
    finder->model = aids->model;
    finder->requester = aids->requester ? aids->requester : "subject";
    finder->everything = aids->everything;
}

void finder_drop(struct finder **finder) {
    struct finder *old = *finder;
    if (!old)
        return;
    tagger_drop(&old->tagger);
    fact_index_drop(&old->facts);
    mender_drop(&old->mender);
    buf_drop(&old->plain);
    free(old->listed);
    free(old->plain_begin);
    free(old->tagged);
    party_drop_from(old, 0);
    find_register_drop(&old->reg);
    vocabulary_drop(&old->vocabulary);
    free(old->parties);
    free(old->forms);
    free(old->wanted);
    free(old->hits.list);
    mem_free(finder);
}

/* ---- what the rules say
 * ------------------------------------------------------------------------------------- */

struct verdict {
    enum role role;
    const char *code, *why;
};

static const char *consent_of(const struct hit *hit, const struct party *party) {
    if (!party || party->consent == CONSENT_UNKNOWN)
        return "unknown";
    /* A consent stretches to what the register has of the person, not to a value that only stands near the
     * name. */
    if (party->consent == CONSENT_YES)
        return hit->sure ? "yes" : "unknown";
    return "no";
}

static const char *when_of(const struct hit *hit, const struct party *party) {
    if (*hit->when)
        return hit->when;
    return !party ? "" : party->source ? "source" : party->confidential ? "confidential" : "";
}

static struct verdict verdict_of(const struct finder *finder, const struct hit *hit) {
    const struct party *party = hit->party == PARTY_NONE ? NULL : &finder->parties[hit->party];
    enum role role = party ? party->role : hit->role;
    if (hit->own_name)
        return (struct verdict){ROLE_UNKNOWN, "SUBJ",
                                "the subject and somebody else have this name; a person must decide"};
    if (hit->undecided)
        role = ROLE_UNKNOWN;
    if (finder->everything && !finder->subject)
        return (struct verdict){role, "3P-UNREASONABLE", "no case is given: everybody counts"};
    const struct rule_query query = {role_text(role), flag_type_text(hit->type), consent_of(hit, party), when_of(hit, party),
                                     finder->requester};
    const struct role_rule *rule = rules_for(finder->rules, &query);
    const char *why = hit->undecided ? "several people have this name; a person must decide"
                      : hit->why     ? hit->why
                      : party && party->why && !*hit->when ? party->why
                                                           : rule->why;
    return (struct verdict){role, rule->code, why};
}

#define PERSON_ID (2 * VOCABULARY_KEY + 4)

/* Whom no list knows: "~surname.forename", so that the same name in another document is the same person. */
static const char *person_id_of(const struct finder *finder, const struct party *party, char id[PERSON_ID]) {
    if (!party)
        return "";
    if (*party->person_id)
        return party->person_id;
    const struct entry *words = finder->vocabulary.list;
    if (party->child)
        snprintf(id, PERSON_ID, "C%.62s", party->child->council_id);
    else if (party->forename != ENTRY_NONE || party->surname != ENTRY_NONE)
        snprintf(id, PERSON_ID, "~%s.%s", party->surname == ENTRY_NONE ? "" : words[party->surname].key,
                 party->forename == ENTRY_NONE ? "" : words[party->forename].key);
    else
        return "";
    return id;
}

static void flag_places(const struct finder *finder, const struct hit *hit, struct flag *flag) {
    const struct find_word *words = finder->text.words;
    flag->page = words[hit->first].page;
    flag->box_count = hit->last - hit->first + 1;
    flag->boxes = mem_new(flag->box_count * sizeof *flag->boxes);
    for (size_t i = 0; i < flag->box_count; i++)
        flag->boxes[i] = words[hit->first + i].word->box;
    flag->run_count = 1;
    flag->runs = mem_new(sizeof *flag->runs);
    flag->runs[0] = (struct word_run){words[hit->first].index, words[hit->last].index};
    flag->text = find_text_copy(&finder->text, hit->first, hit->last);
}

static void flag_make(const struct finder *finder, const struct hit *hit,
                      const struct document_words *document, struct flags *ret) {
    struct verdict verdict = verdict_of(finder, hit);
    const struct reason *reason = rules_reason(finder->rules, verdict.code);
    char id[PERSON_ID];
    struct flag *flag = flags_add(ret);
    flag_places(finder, hit, flag);
    flag->page = document->pages[flag->page].number;
    flag->type = hit->type;
    flag->role = verdict.role;
    flag->person_id = mem_text(hit->own_name || hit->undecided || hit->party == PARTY_NONE
                                   ? ""
                                   : person_id_of(finder, &finder->parties[hit->party], id));
    flag->code = mem_text(verdict.code);
    flag->cover = !reason || reason->withholds;
    flag->look = hit->own_name || (hit->look && flag->cover);
    flag->confidence = hit->confidence;
    flag->finder = mem_text(hit->finder);
    flag->why = mem_text(verdict.why);
}

/* ---- a document
 * --------------------------------------------------------------------------------------------- */

static int hit_compare(const void *a, const void *b) {
    const struct hit *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->last != y->last ? (x->last < y->last ? 1 : -1) : (int)x->type - (int)y->type;
}

void find_hits_sort(struct finder *finder) {
    if (finder->hits.count)
        qsort(finder->hits.list, finder->hits.count, sizeof *finder->hits.list, hit_compare);
    finder->hits.sorted = finder->hits.count;
}

size_t find_hits_from(const struct finder *finder, uint32_t word) {
    size_t low = 0, high = finder->hits.sorted;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (finder->hits.list[middle].first < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A number or address that runs over the end of a page is kept to the page where it begins. */
static void hit_keep_to_page(const struct finder *finder, struct hit *hit) {
    while (hit->last > hit->first &&
           finder->text.words[hit->last].page != finder->text.words[hit->first].page)
        hit->last--;
}

static void document_forget(struct finder *finder) {
    find_forms_forget(finder);
    party_drop_from(finder, finder->case_party_count);
    for (size_t i = 0; i < finder->case_party_count; i++)
        finder->parties[i].named = false;
    find_text_drop(&finder->text);
    finder->hits.count = finder->hits.sorted = 0;
    if (finder->vocabulary.count > finder->words_known + WORDS_KEPT)
        vocabulary_forget(&finder->vocabulary, finder->words_known);
}

void finder_find(struct finder *finder, const struct document_words *words, struct flags *ret) {
    memset(ret, 0, sizeof *ret);
    find_text_make(words, &finder->vocabulary, &finder->text);
    find_join_lines(finder);
    find_addresses(finder);
    find_dates(finder);
    find_patterns(finder);
    find_people_full(finder);
    find_tags(finder);
    find_listed(finder);
    find_strangers(finder);
    find_tagged(finder);
    find_people_short(finder);
    find_tagged_short(finder);
    find_strangers_short(finder);
    if (finder->everything)
        find_kin_all(finder);
    find_hits_sort(finder);
    find_births_in_tables(finder);
    find_ages(finder);
    find_kin_hidden(finder);
    find_hits_sort(finder);
    find_strangers_at_work(finder);
    find_owners(finder);
    find_schools(finder);
    find_hits_sort(finder);
    find_passages(finder);
    find_hits_sort(finder);
    for (size_t i = 0; i < finder->hits.count; i++) {
        hit_keep_to_page(finder, &finder->hits.list[i]);
        flag_make(finder, &finder->hits.list[i], words, ret);
    }
    document_forget(finder);
}
