/* find_private.h: what the finder's files share.
 *
 * One document goes through these steps: cut into words and atoms (find_text), numbers and dates and
 * addresses (find_patterns, find_dates, find_address), names of the case (find_people), other children and
 * strangers (find_strangers), people whom the statistical model sees (find_tagged), whose the numbers are
 * (find_owner), people who are hinted at and what is told of them (find_passage), what the rules say (find). */
#ifndef REDACT_FIND_PRIVATE_H
#define REDACT_FIND_PRIVATE_H

#include "redact/find.h"
#include "redact/find_mend.h"
#include "redact/find_register.h"
#include "redact/find_text.h"
#include "redact/tagger.h"

#define PARTY_NONE UINT32_MAX
#define PARTY_SUBJECT 0
#define FORM_WORDS 6
#define NAME_WORDS 16 /* of the row: a name is no longer */
#define PARTY_ADDRESSES 8

/* Somebody that a flag may be about: the subject, a linked person, or somebody met in this document. */
struct party {
    enum role role;
    const char *person_id; /* borrowed, or "" */
    const char *why;       /* for somebody who is not linked to the subject, or NULL: the rule's own words */
    enum consent consent;
    bool confidential, source, parent;
    bool linked;       /* to the subject by the register (the subject too) */
    bool private_work; /* a professional who is linked as something else too */
    char sex;          /* 'F', 'M' or 0 */
    uint32_t title;    /* vocabulary entry or ENTRY_NONE */
    int32_t born;
    bool named;                          /* by full name in this document */
    uint32_t forename, surname;          /* vocabulary entries or ENTRY_NONE */
    const struct child *child;           /* when the person is a child of the register */
    const struct person *person;         /* when there is a link */
    char *address_keys[PARTY_ADDRESSES]; /* text_key() of addresses; owned */
    size_t address_count;
    size_t address_current; /* of them: where the person lives now */
};

/* Best first. */
enum form_kind { FORM_FULL, FORM_TURNED, FORM_INITIAL, FORM_FIRST, FORM_SURNAME, FORM_NICK, FORM_INITIALS };

/* One way to write one party's name. */
struct form {
    uint32_t words[FORM_WORDS];
    uint32_t count;
    enum form_kind kind;
    uint32_t party;
    int32_t next; /* another form that begins with the same word */
};

struct hit {
    uint32_t first, last; /* words of the row */
    enum flag_type type;
    uint32_t party;     /* or PARTY_NONE */
    enum role role;     /* when there is no party */
    const char *when;   /* "", "private", "shared", "source", "privileged" */
    const char *why;    /* or NULL: the rule's own words; never freed */
    const char *finder; /* "people" or "pattern" */
    uint8_t confidence;
    bool own_name;  /* shared by the subject and somebody else: nobody but a person may cover it */
    bool undecided; /* a person must decide: the role is unknown */
    bool look;      /* a person must look: too unsure to be proposed */
    bool sure;      /* the value itself is the party's in the register */
    char value[48]; /* digits of a number, "2018-10-27" of a date, or "" */
};

struct hits {
    struct hit *list;
    size_t count, room;
    size_t sorted; /* so many from the front are in the order of the page */
};

/* A name of the council's own lists. */
struct listed {
    uint32_t words[FORM_WORDS]; /* vocabulary entries */
    size_t count;
    enum role role;
    bool never; /* nobody's name */
};

struct finder {
    const struct people *people;
    const struct rules *rules;
    const struct child *subject; /* or NULL */
    struct vocabulary vocabulary;
    size_t words_base;  /* entries that outlive a case: of the tables, the register and the council's lists */
    size_t words_known; /* entries that outlive a document */
    struct find_register *reg;
    struct party *parties;
    size_t party_count, party_room, case_party_count;
    struct form *forms;
    size_t form_count, form_room, case_form_count;
    uint32_t *wanted; /* the case's words */
    size_t wanted_count, wanted_room, case_wanted_count;
    /* of the document at hand */
    struct find_text text;
    struct hits hits;
    struct listed *listed;
    size_t listed_count;
    struct fact_index *facts; /* or NULL */
    struct mender *mender;    /* when there are facts */
    struct tagger *tagger; /* or NULL */
    const struct tag_model *model; /* its; or NULL */
    const char *requester; /* "subject" unless said */
    bool everything;
    const struct tag_span *tags; /* of the document at hand: the tagger's */
    size_t tag_count;
    uint8_t *tagged; /* by atom: 1 when it is part of a person for the tagger */
    size_t tagged_room;
    struct buf plain;      /* the words as the tagger gets them: a text */
    uint32_t *plain_begin; /* of each word, bytes of plain */
    size_t plain_room;
};

/* ---- find_party.c */
struct party *party_add(struct finder *finder);           /* zeroed; borrowed until the next add */
void party_drop_from(struct finder *finder, size_t keep); /* drops the parties from number keep on */
void find_party_case(struct finder *finder, int64_t subject_id);
uint32_t find_party_child(struct finder *finder,
                          const struct child *child); /* of the register; for this document */
uint32_t find_party_person(struct finder *finder, const struct person *person); /* linked to another child */
/* On no list. The same names again are the same person, but not "PC Oakley" and "Mrs Oakley": title is an
 * entry or ENTRY_NONE. */
struct stranger {
    enum role role;
    uint32_t title, forename, surname; /* vocabulary entries or ENTRY_NONE */
};
uint32_t find_party_stranger(struct finder *finder, const struct stranger *who);

/* ---- find_forms.c */
void find_forms_case(struct finder *finder, uint32_t party);
void find_forms_met(struct finder *finder,
                    uint32_t party);           /* forename and surname of somebody met in this document */
void find_forms_forget(struct finder *finder); /* all but the case's */
/* The case's word that this entry is read as (itself when it is one), with the quality; ENTRY_NONE when none.
 */
uint32_t find_forms_resolve(struct finder *finder, uint32_t entry);

/* ---- find_choose.c */
#define CANDIDATES_MOST 32

/* The forms that fit best at one place. */
struct fit {
    size_t last; /* atom */
    size_t words;
    enum form_kind kind;
    int quality; /* the worst of the words */
    uint32_t parties[CANDIDATES_MOST];
    size_t party_count;
};

struct title {
    size_t begin;
    uint32_t traits, entry;
    bool young;     /* a title that children have, too */
    bool own_label; /* "Surname" or "Pupil:" stands before it: a form's first question, about the child */
};

struct title find_title_at(const struct finder *finder, size_t atom);
struct choice {
    uint32_t party; /* PARTY_NONE: nobody fits the title */
    bool own_name;  /* the subject and somebody else have the name */
    bool undecided; /* several have it whom the rules treat in different ways, and nothing tells which */
};
/* Somebody who has the subject's name in full (to atom last), but another date of birth, which is said to be one and follows: "(DOB 01/02/2014)". */
bool find_is_namesake(const struct finder *finder, size_t last);
/* Of the linked people the one whom a word of kin means here ("mum"); PARTY_NONE: nobody, or several. */
uint32_t find_relation_party(const struct finder *finder, size_t atom);
struct choice find_choose(const struct finder *finder, const struct fit *fit, const struct title *title);

/* ---- the steps */
struct hit *hit_add(struct finder *finder, enum flag_type type, uint32_t first, uint32_t last);
void find_hits_sort(struct finder *finder);
/* Of the hits that are in order: the first that does not begin before this word. */
size_t find_hits_from(const struct finder *finder, uint32_t word);
void find_join_lines(struct finder *finder);
void find_people_full(struct finder *finder);
size_t find_people_full_at(struct finder *finder,
                           size_t i); /* the last atom of a full name at i, or SIZE_MAX */
void find_listed_learn(struct finder *finder, const struct name_lists *lists); /* find_listed.c; once, before documents */
void find_listed(struct finder *finder);    /* behind the case's own people, before strangers */
void find_strangers(struct finder *finder);
void find_people_short(struct finder *finder);
void find_strangers_short(struct finder *finder);
void find_strangers_at_work(struct finder *finder); /* of hits in the order of the page: who is a professional in one place is one in all */
void find_tags(struct finder *finder);       /* asks the tagger */
bool find_is_tagged(const struct finder *finder, size_t atom); /* as a person, sure or not; true without a tagger: nobody denies it */
void find_tagged(struct finder *finder);     /* people of two words and more */
void find_tagged_short(struct finder *finder); /* of one word, and what else "everything" is */
void find_patterns(struct finder *finder);
size_t find_number_at(struct finder *finder, size_t w); /* find_numbers.c: words that the number takes, or 0 */
void find_ages(struct finder *finder);                  /* when people are found */
void find_dates(struct finder *finder);
void find_kin_hidden(struct finder *finder);           /* find_passage.c */
void find_kin_all(struct finder *finder);              /* find_passage.c */
void find_dates_all(struct finder *finder);            /* last: what nobody has claimed */
void find_births_in_tables(struct finder *finder); /* when people are found */
void find_addresses(struct finder *finder);
/* The person named last before word w (or first after it, when there is none before); who is passed over is
 * the caller's choice. */
struct near {
    bool skip_subject, skip_work;
    bool before; /* nobody who is named only behind it */
};
uint32_t find_near_party(const struct finder *finder, const struct hit *of, const struct near *how, uint32_t *ret_words); /* PARTY_NONE: nobody */
void find_owners(struct finder *finder);
bool find_is_work_mail(const struct finder *finder, const struct hit *mail, const struct party *party); /* an address of mail: the party's, at an office */
bool find_is_birth_slip(int32_t born, const char *iso); /* one sign misread, or day and month turned round */
void find_schools(struct finder *finder); /* find_schools.c: of other children */
void find_passages(struct finder *finder); /* of hits in the order of the page; adds to them */

/* find_strangers.c: of somebody whom no list knows, by the words beside the name; title: traits of the title's words. */
enum role find_stranger_role(const struct finder *finder, size_t begin, size_t last, uint32_t title);

/* ---- find_context.c */
uint32_t find_traits(const struct finder *finder, size_t atom);
const char *find_key(const struct finder *finder, size_t atom); /* borrowed until the vocabulary grows */
uint32_t find_gazetteer(const struct finder *finder, size_t atom); /* enum tag_word of the model's gazetteer; 0 without a model */
bool find_is_one_of(const struct finder *finder, size_t atom, const char *keys); /* as vocabulary_key_in(); false behind the last atom */
bool find_is_work_beside(const struct finder *finder, size_t first, size_t last);
bool find_is_kin_before(const struct finder *finder, size_t first);
bool find_is_kin_after(const struct finder *finder, size_t last); /* in the next cell, in brackets or behind a comma */
bool find_is_place_after(const struct finder *finder, size_t last);
bool find_is_firm(const struct finder *finder, size_t last);
bool find_is_work_in_sentence(const struct finder *finder, size_t first);
/* The first atom of the title before atom first, or first itself; traits of its words in ret. */
size_t find_title(const struct finder *finder, size_t first, uint32_t *ret_traits, uint32_t *ret_entry);
/* Whether a word that is a name and an ordinary word stands for a name here. */
bool find_is_name_here(const struct finder *finder, size_t atom);
/* A person at these atoms, title included; marks them as taken. */
struct hit *find_person_add(struct finder *finder, size_t first, size_t last, uint32_t party);

/* Letters and digits of a word, capitals; at most most - 1 of them. Returns how many. find_patterns.c */
size_t find_plain(const char *text, char *out, size_t most);
/* Digits of a word as a number that a scanner may have misread ('?' for one that is lost), or 0 when it is
 * none. */
size_t find_digits(const char *word, char *out, size_t most);
/* A date that begins at this word: how many words it takes (0: none) and the day. */
size_t find_date_at(const struct finder *finder, size_t word, int32_t *ret_day);

#endif
