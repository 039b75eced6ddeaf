/* find_fixture.h: a small invented register, and documents made of lines of text. */
#ifndef TESTS_UNIT_REDACT_FIND_FIXTURE_H
#define TESTS_UNIT_REDACT_FIND_FIXTURE_H

#include "redact/find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char find_register_csv[] =
    "council_id,nhs_number,upn,forenames,surname,also_known_as,date_of_birth,sex,house,street,town,postcode,"
    "previous_addresses,school\n"
    "1234567,9990032165,D899200012000,Isla Rose,Hughes-Pickup,Izzy (known as),2012-03-27,F,101,Bishop "
    "Street,Marlsea,LX12 9PE,"
    "\"8 Queen's Drive, Fylderton, FW1 8JQ\",Bishop Street Primary School\n"
    "2345678,9996155870,,Theo,Hughes-Pickup,,2014-05-02,M,101,Bishop Street,Marlsea,LX12 9PE,,St Cuthbert's RC High School\n"
    "3456789,,,Umar,Mohammed,,2012-01-09,M,44,Alma Road,Nelsworth,BK9 7NT,,\n"
    "4567890,,,Grace,May,,2013-06-30,F,3,Moss Lane,Hethersby,PX7 5UR,,\n";

static const char find_people_csv[] =
    "council_id,person_id,relation,role,title,forenames,surname,also_known_as,date_of_birth,sex,phone,"
    "address,email,organisation,"
    "in_household,parental_responsibility,consent_to_share,confidential,sibling_council_id\n"
    "1234567,P1,mother,family,Mrs,Joanne,Hughes-Pickup,Joanne Carter (birth name),1986-03-08,F,07700 900540,"
    "\"101 Bishop Street, Marlsea, LX12 9PE\",jo.hp@mail.example,,yes,yes,yes,no,\n"
    "1234567,P2,father,family,Mr,William,Oakley,,1981-01-29,M,07700 900567,\"19 Station Road, Garsworth, PX1 "
    "7SF\",,,no,yes,no,no,\n"
    "1234567,P3,maternal grandmother,family,Mrs,Margaret,Carter,Kim (known as),1955-11-02,F,,,,,no,no,unknown,no,\n"
    "1234567,P4,foster carer,third_party,Ms,Dawn,Kettering,,1970-04-04,F,07700 900333,\"5 Hawthorn Close, "
    "Kirkbeck, FW8 1NF\",,,no,no,"
    "yes,yes,\n"
    "1234567,P5,neighbour (anonymous referrer),third_party,Mr,Kevin,Sowerby,,,M,07700 900230,\"99 Bishop "
    "Street, Marlsea, LX12 9PE\",,,"
    "no,no,no,no,\n"
    "1234567,P6,lodger,third_party,Ms,Tania,Bellingham,,1990-09-09,F,07700 900444,\"101 "
    "Bishop Street, Marlsea, LX12 9PE\",,,yes,no,yes,no,\n"
    "1234567,PRO-1,social worker,professional,Ms,Kim,Holt,,,F,01632 "
    "960748,,kim.holt@ribbleshire.gov.example,Council,no,no,yes,no,\n"
    "1234567,C2345678,sibling "
    "(brother),other_child,,Theo,Hughes-Pickup,,2014-05-02,M,,,,,yes,no,yes,no,2345678\n"
    "3456789,P9,mother,family,Mrs,Nisha,Desai,,,F,,,,,yes,yes,yes,no,\n"
    "3456789,P10,father,family,Mr,Yusuf,Mohammed,,1980-05-05,M,,,,,no,yes,unknown,yes,\n"
    "4567890,P8,father,family,Mr,Mark,May,,,M,,,,,yes,yes,yes,no,\n";

struct fixture {
    struct people *people;
    struct rules *rules;
    struct finder *finder;
    struct flags flags;
};

static int fixture_make(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    char *where = NULL;
    *state = f;
    if (people_from_csv(find_register_csv, find_people_csv, &f->people, &where) ||
        rules_load("config", &f->rules))
        return 1;
    f->finder = finder_new(f->people, f->rules, people_child_of_council_id(f->people, "1234567")->id);
    return 0;
}

static int fixture_drop(void **state) {
    struct fixture *f = *state;
    flags_drop(&f->flags);
    finder_drop(&f->finder);
    finder_drop(&f->finder);
    rules_drop(&f->rules);
    people_drop(&f->people);
    free(f);
    return 0;
}

/* The finder with the model, the facts and the lists that come with the program, too. */
struct equipped {
    struct fixture base; /* first: expect() and the others take it */
    struct tag_model *model;
    struct fact_lists *facts;
    struct name_lists *lists;
};

static inline int equipped_make(void **state) {
    if (fixture_make(state))
        return 1;
    struct fixture *base = *state;
    struct equipped *e = calloc(1, sizeof *e);
    e->base = *base;
    free(base);
    *state = e;
    if (tag_model_open("config/strangers.model", &e->model) || fact_lists_load("config", &e->facts) || name_lists_load("config", &e->lists))
        return 1;
    finder_equip(e->base.finder, &(struct finder_aids){.model = e->model, .flag_bias = 1.1f, .look_bias = 2.0f, .facts = e->facts, .lists = e->lists});
    return 0;
}

static inline int equipped_drop(void **state) {
    struct equipped *e = *state;
    struct tag_model *model = e->model;
    struct fact_lists *facts = e->facts;
    struct name_lists *lists = e->lists;
    int err = fixture_drop(state);
    tag_model_drop(&model);
    fact_lists_drop(&facts);
    name_lists_drop(&lists);
    return err;
}

/* A line of the page for each line of the text, a page for each form feed. */
static void document_make(const char *text, struct document_words *ret) {
    *ret = (struct document_words){.pages = calloc(8, sizeof *ret->pages), .page_count = 1};
    ret->pages[0].number = 1;
    uint32_t line = 0;
    while (*text) {
        size_t len = strcspn(text, " \n\f");
        char word[256];
        if (len) {
            memcpy(word, text, len);
            word[len] = 0;
            struct words *words = &ret->pages[ret->page_count - 1].words;
            float x = 10.0f * (float)words->count;
            words_add(words, (struct box){x, 10, x + 8, 20}, line, 0, 100, word);
        }
        text += len;
        line += *text == '\n';
        if (*text == '\f') {
            ret->page_count++;
            ret->pages[ret->page_count - 1].number = (uint32_t)ret->page_count;
        }
        text += *text != 0;
    }
}

static void find_in(struct fixture *f, const char *text) {
    struct document_words document;
    document_make(text, &document);
    flags_drop(&f->flags);
    finder_find(f->finder, &document, &f->flags);
    document_words_drop(&document);
}

/* The flag whose text is this, or NULL. */
static const struct flag *flag_of(const struct fixture *f, const char *text) {
    for (size_t i = 0; i < f->flags.count; i++)
        if (strcmp(f->flags.list[i].text, text) == 0)
            return &f->flags.list[i];
    return NULL;
}

/* Finds this text, flagged for this person with this code. */
static inline void expect(const struct fixture *f, const char *text, const char *person_id, const char *code) {
    const struct flag *flag = flag_of(f, text);
    if (!flag)
        print_error("not flagged: %s\n", text);
    assert_non_null(flag);
    assert_string_equal(flag->code, code);
    assert_string_equal(flag->person_id, person_id);
}

static inline void expect_type(const struct fixture *f, const char *text, enum flag_type type) {
    const struct flag *flag = flag_of(f, text);
    assert_non_null(flag);
    assert_int_equal((int)flag->type, (int)type);
}

static inline void expect_no(const struct fixture *f, const char *text) {
    for (size_t i = 0; i < f->flags.count; i++)
        if (strstr(f->flags.list[i].text, text)) {
            print_error("flagged: %s\n", f->flags.list[i].text);
            fail();
        }
}

#endif
