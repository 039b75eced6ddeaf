/* fuzz_find: any bytes as the words of a document: a space ends a word, a line feed a line, a form feed a
 * page. */
#include "redact/find.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char register_csv[] =
    "council_id,nhs_number,upn,forenames,surname,also_known_as,date_of_birth,sex,house,street,town,postcode,"
    "previous_addresses\n"
    "1234567,9990032165,D899200012000,Isla,Hughes-Pickup,,2012-03-27,F,101,Bishop Street,Marlsea,LX12 9PE,\n"
    "3456789,,,Umar,Mohammed,,2012-01-09,M,44,Alma Road,Nelsworth,BK9 7NT,\n";
static const char people_csv[] = "council_id,person_id,relation,role,title,forenames,surname,also_known_as,"
                                 "date_of_birth,sex,phone,address,email,organisation,"
                                 "in_household,consent_to_share,confidential,sibling_council_id\n"
                                 "1234567,P1,mother,family,Mrs,Joanne,Hughes-Pickup,,1986-03-08,F,07700 "
                                 "900540,\"101 Bishop Street, Marlsea, LX12 9PE\",,,yes,yes,no,\n"
                                 "1234567,P2,father,family,Mr,Will,Oakley,,1981-01-29,M,07700 900567,\"19 "
                                 "Station Road, Garsworth, PX1 7SF\",w@mail.example,,no,no,no,\n"
                                 "1234567,PRO-1,social worker,professional,Ms,Kim,Holt,,,F,01632 "
                                 "960748,,kim.holt@gov.example,,no,yes,no,\n";

static struct reason reasons[] = {{.code = "3P", .law = "", .plain = "", .withholds = true},
                                  {.code = "SUBJ", .law = "", .plain = ""}};
static struct role_rule roles[] = {
    {.role = "subject", .type = "*", .consent = "*", .when = "*", .requester = "*", .code = "SUBJ", .why = ""},
    {.role = "*", .type = "*", .consent = "*", .when = "*", .requester = "*", .code = "3P", .why = ""}};
static const struct rules rules = {.reasons = reasons, .reason_count = 2, .roles = roles, .role_count = 2};

static struct finder *finder_once(void) {
    static struct people *people;
    static struct finder *finder;
    char *where = NULL;
    if (!people && people_from_csv(register_csv, people_csv, &people, &where))
        abort();
    if (!finder) {
        struct finder_aids aids = {.flag_bias = 1, .look_bias = 2};
        static struct fact_lists *facts; /* live as long as the finder */
        static struct name_lists *lists;
        static struct tag_model *model;
        if (tag_model_open("config/strangers.model", &model) || fact_lists_load("config", &facts) || name_lists_load("config", &lists))
            abort();
        aids.model = model;
        aids.facts = facts;
        aids.lists = lists;
        finder = finder_new(people, &rules, people->children[0].id);
        finder_equip(finder, &aids);
    }
    return finder;
}

static void words_make(const uint8_t *data, size_t size, struct document_words *ret) {
    char word[PAGE_WORD_BYTES];
    size_t len = 0;
    uint32_t line = 0;
    for (size_t i = 0; i <= size; i++) {
        uint8_t c = i < size ? data[i] : ' ';
        if (c > ' ' && len + 1 < sizeof word) {
            word[len++] = (char)c;
            continue;
        }
        word[len] = 0;
        if (len)
            words_add(&ret->pages[ret->page_count - 1].words, (struct box){0, 0, 1, 1}, line, line / 8, 100,
                      word);
        len = 0;
        line += c == '\n';
        if (c == '\f' && ret->page_count < 4)
            ret->page_count++;
    }
}

static void flags_check(const struct flags *flags, const struct document_words *document) {
    for (size_t i = 0; i < flags->count; i++) {
        const struct flag *f = &flags->list[i];
        if (!f->page || f->page > document->page_count || f->runs[0].first > f->runs[0].last ||
            f->runs[0].last >= document->pages[f->page - 1].words.count)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct document_words document = {.pages = calloc(4, sizeof *document.pages), .page_count = 1};
    for (uint32_t i = 0; i < 4; i++)
        document.pages[i].number = i + 1;
    words_make(data, size, &document);
    struct flags flags;
    finder_find(finder_once(), &document, &flags);
    flags_check(&flags, &document);
    flags_drop(&flags);
    document.page_count = 4;
    document_words_drop(&document);
    return 0;
}
