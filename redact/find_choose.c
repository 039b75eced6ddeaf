/* find_choose.c: which of several people a name means here. */
#include "redact/find_private.h"

#include "base/clock.h"

#include <string.h>

#define SCORE_SHOWN 20 /* a relation or a date of birth beside the name shows who is meant */

struct title find_title_at(const struct finder *finder, size_t i) {
    struct title title = {0};
    title.begin = find_title(finder, i, &title.traits, &title.entry);
    const char *before = i ? find_key(finder, i - 1) : "";
    const char *word = title.entry == ENTRY_NONE ? "" : finder->vocabulary.list[title.entry].key;
    title.young = strcmp(word, "miss") == 0 || strcmp(word, "master") == 0;
    bool colon = i && (finder->text.atoms[i - 1].marks & ATOM_COLON);
    title.own_label = strcmp(before, "surname") == 0 || strcmp(before, "familyname") == 0 || (i > 1 && strcmp(before, "name") == 0 && find_is_one_of(finder, i - 2, "family last")) || (colon && vocabulary_key_in(before, "student pupil child yp"));
    return title;
}

static bool title_fits(const struct party *party, const struct title *title) {
    if (!title->traits)
        return true;
    /* Somebody met as "PC Oakley" is no "Mrs Oakley". */
    bool met = !party->person && !party->child && party->title != ENTRY_NONE;
    if (met && party->title != title->entry &&
        (party->role == ROLE_PROFESSIONAL) != !!(title->traits & WORD_TITLE_WORK))
        return false;
    if ((title->traits & WORD_TITLE_WORK) && party->role != ROLE_PROFESSIONAL)
        return false;
    if ((title->traits & WORD_FEMALE) && party->sex == 'M')
        return false;
    return !((title->traits & WORD_MALE) && party->sex == 'F');
}

static bool party_is_covered(const struct finder *finder, uint32_t number) {
    static const char *const consents[] = {
        [CONSENT_UNKNOWN] = "unknown", [CONSENT_YES] = "yes", [CONSENT_NO] = "no"};
    const struct party *party = &finder->parties[number];
    const char *when = party->source ? "source" : party->confidential ? "confidential" : "";
    const struct role_rule *rule =
        rules_for(finder->rules, &(struct rule_query){role_text(party->role), "PERSON", consents[party->consent], when,
                                                      finder->requester});
    const struct reason *reason = rules_reason(finder->rules, rule->code);
    return !reason || reason->withholds;
}

/* "Joanne Price (mother)", "Mother: Joanne Price", "MGM" in the next cell: whether that is this party's
 * relation. */
static bool relation_says(const struct finder *finder, const struct party *party, size_t atom) {
    static const struct {
        const char *word, *relation;
    } words[] = {{"mother", "mother"},
                 {"mum", "mother"},
                 {"mgm", "maternal grandmother"},
                 {"father", "father"},
                 {"dad", "father"},
                 {"mgf", "maternal grandfather"},
                 {"pgm", "paternal grandmother"},
                 {"pgf", "paternal grandfather"},
                 {"stepfather", "step-father"},
                 {"stepmother", "step-mother"},
                 {"nan", "grandmother"},
                 {"grandmother", "grandmother"},
                 {"grandfather", "grandfather"},
                 {"aunt", "aunt"},
                 {"uncle", "uncle"},
                 {"carer", "carer"},
                 {"neighbour", "neighbour"}};
    const char *key = find_key(finder, atom);
    for (size_t i = 0; party->person && i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i].word) == 0) {
            const char *found = strstr(party->person->relation, words[i].relation);
            bool grand = found && found >= party->person->relation + 5 && strncmp(found - 5, "grand", 5) == 0;
            return found && !grand;
        }
    return false;
}

uint32_t find_relation_party(const struct finder *finder, size_t atom) {
    uint32_t found = PARTY_NONE;
    for (uint32_t p = 1; p < finder->case_party_count; p++)
        if (finder->parties[p].linked && relation_says(finder, &finder->parties[p], atom)) {
            if (found != PARTY_NONE)
                return PARTY_NONE;
            found = p;
        }
    return found;
}

static bool relation_beside(const struct finder *finder, const struct party *party, const struct fit *fit,
                            size_t first) {
    const struct atom *atoms = finder->text.atoms;
    size_t last = fit->last;
    /* After a surname or a first name a comma rather goes on a list: "Ms Begum, Nan and the dog". */
    uint32_t comma = fit->kind <= FORM_INITIAL ? ATOM_COMMA : 0;
    for (size_t i = last + 1; i <= last + 2 && i < finder->text.atom_count; i++)
        if (((atoms[last].marks & comma) || (atoms[last + 1].marks & (ATOM_OPEN | ATOM_LINE))) &&
            relation_says(finder, party, i))
            return true;
    return first > 0 && relation_says(finder, party, first - 1) &&
           !(atoms[first - 1].marks & (ATOM_STOP | ATOM_OWNER));
}

/* "ABDI, Hodan 17/04/1976": the date right after the name is this party's date of birth. */
static bool birth_beside(const struct finder *finder, const struct party *party, size_t last) {
    uint32_t word = finder->text.atoms[last].last + 1;
    for (uint32_t w = word; w < word + 3 && w < finder->text.word_count; w++) {
        int32_t day;
        if (find_date_at(finder, w, &day))
            return day == party->born;
    }
    return false;
}

bool find_is_namesake(const struct finder *finder, size_t last) {
    const struct atom *atoms = finder->text.atoms;
    if (!finder->subject || finder->subject->born == DATE_NONE || last + 2 >= finder->text.atom_count ||
        !find_is_one_of(finder, last + 1, "dob born") || !find_text_same_page(&finder->text, atoms[last].last, atoms[last + 1].last))
        return false;
    int32_t day;
    uint32_t word = atoms[last + 1].last + 1; /* "(DOB: 1/2/2014)", "born on 1 February 2014" */
    if (find_is_one_of(finder, last + 2, "on"))
        word++;
    if (!find_date_at(finder, word, &day) || day == DATE_NONE)
        return false;
    char iso[DATE_TEXT];
    date_text(day, iso);
    return !find_is_birth_slip(finder->subject->born, iso);
}

static int party_score(const struct finder *finder, uint32_t number, const struct fit *fit,
                       const struct title *title) {
    const struct party *party = &finder->parties[number];
    int score = 2 * party->linked + party->parent;
    if (fit->kind >= FORM_INITIAL && party->named)
        score += 8;
    if (fit->party_count > 1 && relation_beside(finder, party, fit, title->begin))
        score += SCORE_SHOWN;
    if (fit->party_count > 1 && birth_beside(finder, party, fit->last))
        score += SCORE_SHOWN;
    if (title->traits) {
        score += 2 * (title->entry == party->title);
        /* A child is seldom a Mr or a Miss. */
        score -= 9 * (party->role == ROLE_SUBJECT || party->role == ROLE_OTHER_CHILD);
    }
    return score;
}

/* How much better the best has to be than somebody whom the rules treat otherwise. Two of a family who share the
 * name are told apart by a relation or a date of birth beside it only: that one of them is named in full elsewhere
 * is too little where the other one has said no. Nor is it enough for a first name alone that a professional has, too:
 * notes call the family by it. */
static int margin_of(const struct finder *finder, uint32_t best, const struct fit *fit) {
    bool family = finder->parties[best].role != ROLE_PROFESSIONAL;
    return family ? 15 : fit->kind == FORM_FIRST || fit->kind == FORM_NICK ? 12 : 6;
}

/* Whether somebody else fits about as well whom the rules treat otherwise. */
static bool is_undecided(const struct finder *finder, const struct fit *fit, const struct title *title,
                         uint32_t best) {
    int least = party_score(finder, best, fit, title) - margin_of(finder, best, fit);
    for (size_t i = 0; i < fit->party_count; i++) {
        uint32_t other = fit->parties[i];
        if (other != best && other != PARTY_SUBJECT && title_fits(&finder->parties[other], title) &&
            party_score(finder, other, fit, title) > least &&
            party_is_covered(finder, other) != party_is_covered(finder, best))
            return true;
    }
    return false;
}

struct choice find_choose(const struct finder *finder, const struct fit *fit, const struct title *title) {
    struct choice choice = {.party = PARTY_NONE};
    int best = 0;
    bool subject = false;
    /* A surname alone means a grown-up of the family rather than the child, who is called by the first name.
     */
    bool surname = fit->kind == FORM_SURNAME && fit->party_count > 1 && !title->own_label;
    /* "Mr Price" is no child, whoever of the family it is. */
    surname = surname || (fit->kind == FORM_SURNAME && (title->traits & WORD_TITLE) && !(title->traits & WORD_TITLE_KIN) && !title->young);
    for (size_t i = 0; i < fit->party_count; i++) {
        uint32_t party = fit->parties[i];
        if (!title_fits(&finder->parties[party], title) || (surname && party == PARTY_SUBJECT))
            continue;
        int score = party_score(finder, party, fit, title);
        subject = subject || party == PARTY_SUBJECT;
        if (choice.party == PARTY_NONE || score > best) {
            choice.party = party;
            best = score;
        }
    }
    bool shown = choice.party != PARTY_SUBJECT && best >= SCORE_SHOWN;
    if (subject && !shown && (choice.party == PARTY_SUBJECT || !title->traits)) {
        choice.party = PARTY_SUBJECT;
        choice.own_name = fit->party_count > 1 && best < SCORE_SHOWN;
    } else if (choice.party != PARTY_NONE) {
        choice.undecided = is_undecided(finder, fit, title, choice.party);
    }
    return choice;
}
