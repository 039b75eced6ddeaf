/* find_passage.c: what is told of other people without a name: sensitive facts in a sentence about somebody else, clues to who told
 * something in confidence, lawyers' advice, paragraphs about a child of another record, and people who are hinted at. */
#include "redact/find_private.h"

#include "base/mem.h"
#include "redact/fact_words.h"
#include "redact/find_sentence.h"

#include <stdlib.h>
#include <string.h>

#define BACK_SENTENCES 3   /* so far back a pronoun reaches */
#define PASSAGE_SENTENCES 16

struct told;

struct passage_finder {
    struct finder *finder;
    struct sentences sentences;
    struct told *told;  /* of each sentence */
    bool source_hidden; /* somebody who told something does not want to be named */
};

#define FACTS_MOST 12 /* of a sentence; the last stands for all that follow */

struct fact_at {
    const struct fact_words *words;
    uint32_t first, last; /* atoms */
};

/* What the words of a sentence tell. */
struct told {
    struct fact_at facts[FACTS_MOST];
    size_t fact_count;
    bool source_first; /* it begins with somebody who tells */
    bool hidden, privileged;
};

static void fact_keep(struct told *told, struct fact_at fact) {
    if (told->fact_count < FACTS_MOST)
        told->facts[told->fact_count++] = fact;
    else
        told->facts[FACTS_MOST - 1].last = fact.last;
}

static struct told told_in(struct finder *finder, const struct sentence *s) {
    struct told told = {0};
    const struct fact_text in = {&finder->text, &finder->vocabulary, finder->mender};
    for (size_t i = s->begin, last; i < s->end; i++) {
        const struct fact_words *entry = fact_index_at(finder->facts, &in, i, &last);
        if (!entry)
            continue;
        told.source_first = told.source_first || (entry->use == FACT_SOURCE && i <= s->begin + 4);
        told.hidden = told.hidden || entry->use == FACT_HIDDEN;
        told.privileged = told.privileged || entry->use == FACT_PRIVILEGED;
        if (entry->use <= FACT_WEAK)
            fact_keep(&told, (struct fact_at){entry, (uint32_t)i, (uint32_t)last});
        i = last;
    }
    return told;
}

/* ---- whom it is about */

static const struct mention *mention_at(const struct passage_finder *p, size_t i) {
    return &p->sentences.mentions[i];
}

static char subject_sex(const struct finder *finder) {
    return finder->subject ? finder->parties[PARTY_SUBJECT].sex : 0;
}

static bool sex_fits(const struct mention *who, char sex) {
    return !who->sex || !sex || who->sex == sex;
}

/* Whom a pronoun means: the first who fits in its own sentence before it, else the first in the sentences before. */
static const struct mention *antecedent(const struct passage_finder *p, size_t sentence, size_t pronoun) {
    const struct mention *of = mention_at(p, pronoun);
    for (size_t back = 0; back <= BACK_SENTENCES && back <= sentence; back++) {
        const struct sentence *s = &p->sentences.list[sentence - back];
        for (size_t i = s->mention_begin; i < s->mention_end && mention_at(p, i) < of; i++) {
            const struct mention *who = mention_at(p, i);
            if (who->kind != MENTION_PRONOUN && who->role != ROLE_PROFESSIONAL && sex_fits(who, of->sex))
                return who;
        }
    }
    return NULL;
}

struct about_order {
    uint32_t begin; /* atom where it begins if it is told of this mention */
    bool adult;
};

struct about {
    bool somebody;  /* else than the subject */
    bool look;      /* not sure enough */
    uint32_t party; /* or PARTY_NONE */
    uint32_t begin; /* atom where what is told of them begins */
};

/* adult: children have no such facts, so that a name or a pronoun that may be the subject's or somebody else's is somebody else's. */
static struct about about_mention(const struct passage_finder *p, size_t sentence, size_t mention, const struct about_order *order) {
    uint32_t begin = order->begin;
    const struct mention *m = mention_at(p, mention), *who = m;
    struct about about = {.party = PARTY_NONE, .begin = begin};
    if (m->kind == MENTION_PRONOUN) {
        char own = subject_sex(p->finder);
        who = antecedent(p, sentence, mention);
        if (!who) {
            about.look = !(m->sex && own && m->sex != own) && !order->adult;
            about.somebody = true;
            return about;
        }
    }
    if (who->unsure && order->adult) {
        about.somebody = true;
        return about;
    }
    about.somebody = who->role != ROLE_SUBJECT;
    if (who != m && about.somebody && who->first >= p->sentences.list[sentence].begin && who->first < begin)
        about.begin = who->first; /* "Anna told me while the child slept that she ..." */
    about.look = who->unsure;
    about.party = who->party;
    return about;
}

/* From where on the sentence speaks neither of the subject nor of who works for them. */
static uint32_t about_begin(const struct passage_finder *p, const struct sentence *s, size_t mention) {
    uint32_t begin = mention == s->mention_begin && !s->heading ? s->begin : mention_at(p, mention)->first;
    for (size_t i = mention; i-- > s->mention_begin;) {
        const struct mention *m = mention_at(p, i);
        if (m->role == ROLE_SUBJECT || m->role == ROLE_PROFESSIONAL)
            break;
        begin = i == s->mention_begin && !s->heading ? s->begin : m->first;
    }
    return begin;
}

/* The first atom behind the professionals who stand at the beginning of the sentence, who tell and are not told of. */
static uint32_t behind_work(const struct passage_finder *p, const struct sentence *s, uint32_t fact) {
    uint32_t begin = s->begin;
    for (size_t i = s->mention_begin; i < s->mention_end && mention_at(p, i)->role == ROLE_PROFESSIONAL && mention_at(p, i)->last < fact; i++)
        begin = mention_at(p, i)->last + 1;
    return begin;
}

/* Whether the sentence speaks before this mention of somebody who may be its subject: "she owes a lender and has been paying him in cash". */
static bool tells_before(const struct passage_finder *p, const struct sentence *s, size_t mention) {
    for (size_t i = s->mention_begin; i < mention; i++)
        if (mention_at(p, i)->role != ROLE_PROFESSIONAL && !mention_at(p, i)->object)
            return true;
    return false;
}

/* Who is nearest before what is told; professionals tell, they are not told of. */
static struct about about_fact(const struct passage_finder *p, size_t sentence, const struct fact_at *fact) {
    const struct sentence *s = &p->sentences.list[sentence];
    struct about_order order = {s->begin, fact->words->adult};
    bool somebody = false;
    for (size_t i = s->mention_end; i-- > s->mention_begin;) {
        const struct mention *m = mention_at(p, i);
        somebody = somebody || m->role != ROLE_PROFESSIONAL;
        if (m->first > fact->first || m->role == ROLE_PROFESSIONAL || (m->object && tells_before(p, s, i)))
            continue;
        order.begin = about_begin(p, s, i);
        return about_mention(p, sentence, i, &order);
    }
    order.begin = behind_work(p, s, fact->first);
    for (size_t i = s->mention_begin; i < s->mention_end; i++)
        if (mention_at(p, i)->role != ROLE_PROFESSIONAL)
            return about_mention(p, sentence, i, &order);
    if (somebody)
        return (struct about){.party = PARTY_NONE};
    /* "Owes rent.": of whom the sentence before speaks; where it speaks of nobody, a grown-up's facts are somebody's. */
    const struct sentence *before = sentence && !s->paragraph ? s - 1 : s;
    for (size_t i = before->mention_begin; i < before->mention_end; i++)
        if (mention_at(p, i)->role != ROLE_PROFESSIONAL && mention_at(p, i)->kind != MENTION_PRONOUN) {
            struct about about = about_mention(p, sentence - 1, i, &order);
            about.look = about.look || !fact->words->adult;
            about.look = about.look || mention_at(p, i)->role == ROLE_SUBJECT;
            about.somebody = about.somebody || fact->words->adult;
            return about;
        }
    bool grown = fact->words->adult && fact->words->use == FACT_STRONG;
    return (struct about){.somebody = grown, .look = s->heading, .party = PARTY_NONE, .begin = order.begin};
}

/* ---- how far it reaches */

static bool mention_begins_at(const struct passage_finder *p, const struct sentence *s, size_t atom) {
    for (size_t i = s->mention_begin; i < s->mention_end; i++)
        if (mention_at(p, i)->first == atom && mention_at(p, i)->kind != MENTION_PRONOUN)
            return true;
    return false;
}

static bool subject_behind(const struct passage_finder *p, const struct sentence *s, uint32_t atom) {
    for (size_t i = s->mention_begin; i < s->mention_end; i++)
        if (mention_at(p, i)->first > atom && mention_at(p, i)->role == ROLE_SUBJECT)
            return true;
    return false;
}

/* To the end of the sentence, or to where another part of it begins that speaks of somebody else: "... and the family have not told the child". */
static uint32_t passage_end(const struct passage_finder *p, const struct sentence *s, uint32_t last) {
    for (uint32_t i = last + 1; i + 1 < s->end; i++)
        if (find_is_one_of(p->finder, i, "and but so while although then") &&
            (mention_begins_at(p, s, i + 1) || subject_behind(p, s, i) || find_is_one_of(p->finder, i + 1, "i we asked said told this that")))
            return i - 1;
    return s->end - 1;
}

static struct hit *passage_add(struct passage_finder *p, uint32_t first, uint32_t last, const char *why) {
    struct finder *finder = p->finder;
    struct hit *hit = hit_add(finder, FLAG_PASSAGE, finder->text.atoms[first].first, finder->text.atoms[last].last);
    hit->finder = "facts";
    hit->why = why;
    hit->confidence = 60;
    return hit;
}

/* ---- the kinds of passages */

/* Facts from one to (without) another that are told of the same person. */
struct fact_run {
    size_t from, to;
    struct about about, next; /* next: whom the fact at "to" is told of, where there is one */
};

static struct fact_run run_from(const struct passage_finder *p, size_t sentence, size_t from) {
    const struct told *told = &p->told[sentence];
    struct fact_run run = {.from = from, .to = from + 1, .about = about_fact(p, sentence, &told->facts[from])};
    for (; run.to < told->fact_count; run.to++) {
        run.next = about_fact(p, sentence, &told->facts[run.to]);
        if (run.next.somebody != run.about.somebody || run.next.party != run.about.party)
            break;
    }
    return run;
}

/* least: the first atom that no earlier passage of the sentence has; returns the same for the next one. */
static uint32_t run_add(struct passage_finder *p, size_t sentence, const struct fact_run *run, uint32_t least) {
    const struct sentence *s = &p->sentences.list[sentence];
    const struct told *told = &p->told[sentence];
    const struct fact_at *first = &told->facts[run->from];
    size_t strong = 0, count = run->to - run->from;
    for (size_t i = run->from; i < run->to; i++)
        strong += told->facts[i].words->use == FACT_STRONG;
    /* One weak word is not enough, but of somebody who is named: then a person looks. */
    bool weak = !strong && count < 2;
    if (!run->about.somebody || (weak && (run->about.look || run->about.party == PARTY_NONE)))
        return least;
    uint32_t begin = run->about.begin < first->first ? run->about.begin : s->begin, end = passage_end(p, s, told->facts[run->to - 1].last);
    begin = begin < least ? least : begin;
    if (run->to < told->fact_count && end >= told->facts[run->to].first) /* what follows is told of somebody else */
        end = run->next.begin > told->facts[run->to - 1].last ? run->next.begin - 1 : told->facts[run->to - 1].last;
    struct hit *hit = passage_add(p, begin, end, first->words->kind);
    hit->party = run->about.party;
    hit->look = run->about.look || !strong;
    hit->confidence = strong > 1 ? 75 : strong ? 60 : 40;
    return weak ? least : end + 1;
}

static void fact_passages(struct passage_finder *p, size_t sentence) {
    uint32_t least = p->sentences.list[sentence].begin;
    for (size_t i = 0; i < p->told[sentence].fact_count;) {
        struct fact_run run = run_from(p, sentence, i);
        least = run_add(p, sentence, &run, least);
        i = run.to;
    }
}

static bool source_passage(struct passage_finder *p, size_t sentence, const struct told *told) {
    const struct sentence *s = &p->sentences.list[sentence];
    if (!p->source_hidden || !told->source_first || s->end - s->begin < 3)
        return false;
    struct hit *hit = passage_add(p, s->begin, s->end - 1, "may tell who gave information and does not want to be known");
    hit->when = "source";
    return true;
}

/* "This e-mail may be privileged; if you are not the intended recipient ...": stands below every mail. */
static bool is_disclaimer(const struct finder *finder, const struct sentence *s) {
    for (size_t i = s->begin; i < s->end; i++)
        if (find_is_one_of(finder, i, "may email attachment attachments recipient"))
            return true;
    return false;
}

/* A heading that says so makes all that follows a passage; a word within a sentence, the rest of its paragraph. */
static void privileged_passages(struct passage_finder *p) {
    bool all = false, paragraph = false;
    for (size_t n = 0; n < p->sentences.count; n++) {
        const struct sentence *s = &p->sentences.list[n];
        struct told told = p->told[n];
        if (told.privileged && is_disclaimer(p->finder, s))
            told.privileged = false;
        paragraph = paragraph && !s->paragraph;
        all = all || (told.privileged && s->heading && n < p->sentences.count / 2);
        paragraph = paragraph || (told.privileged && !s->heading);
        if ((all && !s->heading && s->end - s->begin >= 4) || paragraph)
            passage_add(p, s->begin, s->end - 1, "advice of the council's lawyers")->when = "privileged";
    }
}

static bool is_identified(const struct finder *finder, const struct hit *name) {
    for (size_t i = 0; i < finder->hits.count; i++) {
        const struct hit *hit = &finder->hits.list[i];
        if ((hit->type == FLAG_DOB || hit->type == FLAG_NHS || hit->type == FLAG_ID || hit->type == FLAG_UPN) && hit->party != PARTY_SUBJECT &&
            hit->first > name->last && hit->first - name->last <= 6)
            return true;
    }
    return false;
}

static bool speaks_of_subject(const struct passage_finder *p, const struct sentence *s) {
    for (size_t i = s->mention_begin; i < s->mention_end; i++)
        if (mention_at(p, i)->role == ROLE_SUBJECT && !mention_at(p, i)->unsure)
            return true;
    return false;
}

/* A paragraph that begins with another record's child, named with date of birth or number: pasted, or filed to the wrong record. */
static void wrong_child_passages(struct passage_finder *p) {
    const struct finder *finder = p->finder;
    size_t hits = finder->hits.count;
    for (size_t h = 0, n = 0; h < hits; h++) {
        const struct hit *hit = &finder->hits.list[h];
        if (hit->type != FLAG_PERSON || hit->party == PARTY_NONE || hit->first == hit->last)
            continue;
        const struct party *party = &finder->parties[hit->party];
        if (party->role != ROLE_OTHER_CHILD || party->linked || !is_identified(finder, hit))
            continue;
        uint32_t atom = finder->text.word_atom[hit->first];
        while (n + 1 < p->sentences.count && p->sentences.list[n].end <= atom)
            n++;
        size_t last = n;
        if (atom > p->sentences.list[n].begin + 1 || p->sentences.list[n].heading)
            continue;
        while (last + 1 < p->sentences.count && last - n < PASSAGE_SENTENCES && !p->sentences.list[last + 1].paragraph &&
               !p->sentences.list[last + 1].heading && !speaks_of_subject(p, &p->sentences.list[last + 1]))
            last++;
        uint32_t whose = hit->party; /* passage_add may move the list */
        passage_add(p, atom, p->sentences.list[last].end - 1, "a paragraph about a child of another record")->party = whose;
    }
}

/* ---- people who are hinted at */

/* "his mum's new boyfriend", "foster carer's son", "the neighbour at number 14". */
static bool is_hint(const struct finder *finder, size_t i, size_t *ret_first, size_t *ret_last) {
    const struct atom *atoms = finder->text.atoms;
    if (!(find_traits(finder, i) & WORD_KIN) || (atoms[i].marks & ATOM_TAKEN))
        return false;
    size_t first = i;
    *ret_last = i;
    if (first && find_is_one_of(finder, first - 1, "new ex former current latest late older younger other"))
        first--;
    bool owned = first && (atoms[first - 1].marks & ATOM_OWNER) && !(atoms[first - 1].marks & ATOM_STOP) && !(atoms[first].marks & ATOM_LINE) &&
                 (find_traits(finder, first - 1) & (WORD_KIN | WORD_WORK));
    if (owned)
        first--;
    if (i + 3 < finder->text.atom_count && find_is_one_of(finder, i, "neighbour neighbours resident") && find_is_one_of(finder, i + 1, "at from") &&
        find_is_one_of(finder, i + 2, "number no") && (atoms[i + 3].marks & ATOM_NUMBER)) {
        *ret_last = i + 3;
        owned = true;
    }
    *ret_first = first;
    return owned || first < i;
}

static void hints_find(struct passage_finder *p) {
    struct finder *finder = p->finder;
    for (size_t i = 0, first, last; i < finder->text.atom_count; i++) {
        if (!is_hint(finder, i, &first, &last))
            continue;
        struct hit *hit = hit_add(finder, FLAG_RELATION, finder->text.atoms[first].first, finder->text.atoms[last].last);
        hit->finder = "facts";
        hit->look = true;
        hit->confidence = 35;
        hit->why = "somebody who is told of and not named; whoever knows the family may know who it is";
        i = last;
    }
}

static void told_make(struct passage_finder *p) {
    p->told = mem_new((p->sentences.count + 1) * sizeof *p->told);
    for (size_t n = 0; n < p->sentences.count; n++) {
        p->told[n] = told_in(p->finder, &p->sentences.list[n]);
        p->source_hidden = p->source_hidden || p->told[n].hidden;
    }
}

/* Where nobody is the subject, "his wife" tells who somebody is as well. */
/* "Mum", where the register marks the mother as confidential: that she is spoken of at all tells of her. */
void find_kin_hidden(struct finder *finder) {
    for (size_t i = 0; i < finder->text.atom_count; i++) {
        if (!(find_traits(finder, i) & WORD_KIN) || (finder->text.atoms[i].marks & (ATOM_TAKEN | ATOM_OWNER)))
            continue;
        if (i && ((finder->text.atoms[i - 1].marks & ATOM_OWNER) || find_is_one_of(finder, i - 1, "own foster their whose")))
            continue; /* "Leah's mother" */
        uint32_t party = find_relation_party(finder, i);
        if (party == PARTY_NONE || !finder->parties[party].confidential || finder->parties[party].role != ROLE_FAMILY)
            continue;
        struct hit *hit = hit_add(finder, FLAG_RELATION, finder->text.atoms[i].first, finder->text.atoms[i].last);
        hit->party = party;
        hit->sure = true;
        hit->confidence = 60;
    }
}

void find_kin_all(struct finder *finder) {
    for (size_t i = 1; i < finder->text.atom_count; i++) {
        if (!(find_traits(finder, i) & WORD_KIN) || (finder->text.atoms[i].marks & ATOM_TAKEN) || !find_is_one_of(finder, i - 1, "his her their my our") ||
            !find_text_joins(&finder->text, i - 1))
            continue;
        struct hit *hit = hit_add(finder, FLAG_RELATION, finder->text.atoms[i].first, finder->text.atoms[i].last);
        hit->finder = "facts";
        hit->look = true;
        hit->confidence = 40;
    }
}

void find_passages(struct finder *finder) {
    if (!finder->facts || !finder->subject) /* without a subject everybody is somebody else */
        return;
    struct passage_finder p = {.finder = finder};
    sentences_make(finder, &p.sentences);
    told_make(&p);
    for (size_t n = 0; n < p.sentences.count; n++)
        if (!source_passage(&p, n, &p.told[n]))
            fact_passages(&p, n);
    privileged_passages(&p);
    wrong_child_passages(&p);
    hints_find(&p);
    find_foreign(finder, &p.sentences);
    free(p.told);
    sentences_drop(&p.sentences);
}
