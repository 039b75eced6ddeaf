/* Decisions over a small invented register: which child, and above all when not. */
#include "base/buf.h"
#include "filing/matcher.h"
#include "filing/register_index.h"
#include "tests/unit/filing/words_of.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char columns[] =
    "council_id,nhs_number,upn,forenames,surname,also_known_as,date_of_birth,house,street,town,"
    "postcode,previous_addresses,family_id\n";
static const char rows[] =
    "1000001,9990032165,D899200012000,Isla,Hughes-Pickup,,2008-03-27,101,Bishop Street,Marlsea,LX12 9PE,"
    "\"125 Queen's Drive, Fylderton, FW1 8JQ\",F1\n"
    "1000002,9996155870,,Theo,Hughes-Pickup,,2008-03-27,101,Bishop Street,Marlsea,LX12 9PE,,F1\n"
    "1000003,,,Jade Sophie,Hughes-Pickup,Jade Finch (birth name),2011-06-18,101,Bishop Street,Marlsea,LX12 "
    "9PE,,F1\n"
    "1000004,,,Callum,Kenyon,,1996-01-17,5,Mill Lane,Ormsdale,PX4 1UQ,,F2\n"
    "1000005,,,Callum,Kenyon,,1996-01-19,8,Gas Street,Accerdale,BK11 2EY,,F3\n"
    "1000006,,,Niamh,O'Shea,,2013-07-06,9,Wellington Street,Ormsdale,PX4 7WJ,,F4\n"
    "1000007,,,Freya,Barnes,,1900-01-01,9,Wellington Street,Ormsdale,PX4 7WJ,,F5\n"
    "1000008,,,Jonathan,Maplethorpe,,2014-02-02,12,Elm Row,Ormsdale,PX4 5AB,,F6\n";
static const char persons[] = "council_id,person_id,relation,role,forenames,surname,phone,email\n"
                              "1000006,P1,mother,family,Dawn,Duckworth,,\n"
                              "1000001,P2,mother,family,Joanne,Hughes-Pickup,,\n"
                              "1000008,P3,mother,family,Edith,Maplethorpe,07700 900777,edie.m@mail.example\n";

struct setting {
    struct people *people;
    struct nicknames *nicknames;
    struct matcher *matcher;
};

static int setting_new(void **state) {
    struct setting *s = calloc(1, sizeof *s);
    struct buf csv = {0};
    char *where = NULL;
    buf_add_text(&csv, columns);
    buf_add_text(&csv, rows);
    for (int i = 0; i < 60; i++) /* others, so that a name is worth something */
        buf_print(&csv, "20000%02d,,,Name%c%c,Other%c%c,,%d-05-1%d,%d,Long Row,Marlsea,LX3 %d%c%c,,G%d\n", i,
                  'a' + i % 26, 'a' + i / 26, 'k' + i % 13, 'a' + i % 7, 1995 + i % 20, i % 10, i + 1, i % 10,
                  'A' + i % 20, 'B' + i % 20, i);
    for (int i = 0; i < 20; i++) /* a forename and a surname that many have, and one child has both */
        buf_print(&csv, "30000%02d,,,Mohammed,%s%c,,%d-05-0%d,%d,Back Lane,Marlsea,PX9 1A%c,,H%d\n40000%02d,,,Given%c,Khan,,%d-06-0%d,2,Top Lane,Marlsea,PX9 2A%c,,I%d\n",
                  i, i ? "Else" : "Kha", i ? 'a' + i : 'n', 2010 + i % 9, 3 + i % 6, i + 1, 'A' + i, i, i, 'a' + i, 2004 + i % 9, 1 + i % 9, 'A' + i, i);
    if (people_from_csv(buf_text(&csv), persons, &s->people, &where) != 0)
        return -1;
    buf_drop(&csv);
    struct linkage linkage;
    if (linkage_load("config", &linkage) || nicknames_load("config", &s->nicknames))
        return -1;
    s->matcher = matcher_new(s->people, &(struct matcher_order){{0.999f, 0.5f, 10, "adopted restricted"}, &linkage, s->nicknames});
    *state = s;
    return 0;
}

static int setting_drop(void **state) {
    struct setting *s = *state;
    matcher_drop(&s->matcher);
    matcher_drop(&s->matcher);
    people_drop(&s->people);
    nicknames_drop(&s->nicknames);
    free(s);
    return 0;
}

/* Files the text and checks the outcome, the best child (by council id, "" for none at all) and how many are
 * chosen. */
static void check(void **state, const char *text, enum filing_outcome outcome, const char *best, int chosen) {
    struct setting *s = *state;
    struct document_words document = words_of(text);
    struct filing_result result;
    int count = 0;
    matcher_decide(s->matcher, &document, &result);
    const char *found =
        result.candidate_count ? people_child(s->people, result.candidates[0].child_id)->council_id : "";
    if (result.outcome != outcome)
        fail_msg("%s instead of %s (best %s, veto %s): %s", filing_outcome_text(result.outcome),
                 filing_outcome_text(outcome), found, result.candidate_count ? result.candidates[0].veto : "",
                 text);
    if (*best)
        assert_string_equal(found, best);
    for (size_t i = 0; i < result.candidate_count; i++) {
        float sum = 0;
        count += result.candidates[i].chosen;
        for (size_t j = 0; j < result.candidates[i].part_count; j++) {
            sum += result.candidates[i].parts[j].weight;
            assert_non_null(result.candidates[i].parts[j].found);
        }
        assert_true(result.candidates[i].weight < sum); /* the prior speaks against everybody */
        assert_true(result.candidates[i].probability >= 0 && result.candidates[i].probability <= 1);
    }
    assert_int_equal(count, chosen);
    filing_result_drop(&result);
    document_words_drop(&document);
}

static void test_files_by_number_and_name(void **state) {
    check(state, "Record of visit\nChild's name\nTheo Hughes-Pickup\nLCS ID\n1000002", FILING_FILED,
          "1000002", 1);
    check(state, "RE: HUGHES-PICKUP, Isla\nNHS No: 999 003 2165", FILING_FILED, "1000001", 1);
    check(state, "Re: Isla Hughes- Pickup UPN D899200012000", FILING_FILED, "1000001", 1);
    check(state, "Re: Is1a Hughes-Pickvp NHS number 999OO32l65", FILING_FILED, "1000001", 1);
    check(state, "Subject: Niamh core group - 1000006\nNiamh was seen. O'Shea", FILING_FILED, "1000006", 1);
}

static void test_files_by_birth_and_name(void **state) {
    check(state,
          "Re: Niamh O\u2019Shea (d.o.b. 6th July 2013)\nHer mother Dawn Duckworth says that Niamh is well.",
          FILING_FILED, "1000006", 1);
    check(state, "Name O'SHEA, Niamh Date of birth 06.07.13 Address 9 Wellington Street", FILING_FILED,
          "1000006", 1);
    check(state, "Surname\nO'Shea\nForename(s)\nNiamh\nDate of birth\n6-Jul-13\nPX4 7WJ", FILING_FILED,
          "1000006", 1);
    check(state, "Re: Jade Finch DOB 18/06/2011. Jade lives at 101 Bishop Street.", FILING_FILED, "1000003",
          1);
    /* name and birthday alone: those of a rare name are nobody else's, those of a common one may be a child's who is not in the register */
    check(state, "Re: Niamh O'Shea (d.o.b. 6th July 2013)", FILING_FILED, "1000006", 1);
    check(state, "Re: Mohammed Khan (d.o.b. 3rd May 2010)", FILING_PROPOSED, "3000000", 0);
    check(state, "Re: Mohammed Khan (d.o.b. 3rd May 2010)\n1 Back Lane, PX9 1AA", FILING_FILED, "3000000", 1);
}

static void test_initials_and_sectors(void **state) {
    check(state, "Invoice for N. O'Shea, born 6th July 2013\nsent to Ormsdale PX4 7WZ", FILING_PROPOSED, "1000006", 0); /* the postcode's last letter is wrong */
    check(state, "Invoice for T. O'Shea, born 7th July 2013", FILING_NONE, "", 0);
}

/* Three stray pages behind a cover sheet: filed as the sheet says, and somebody is told. */
static void test_said_to_be_another_familys(void **state) {
    struct setting *s = *state;
    struct document_words document = words_of("Re: Niamh O'Shea (d.o.b. 6th July 2013)\n9 Wellington Street, Ormsdale, PX4 7WJ");
    struct filing_result result;
    const int64_t own = people_child_of_council_id(s->people, "1000006")->id, other = people_child_of_council_id(s->people, "1000004")->id;
    for (int k = 0; k < 3; k++) {
        document.said_child = k == 0 ? 0 : k == 1 ? own : other;
        matcher_decide(s->matcher, &document, &result);
        assert_int_equal(result.candidates[0].child_id, own);
        assert_int_equal(result.candidates[0].stranger_page, k == 2);
        filing_result_drop(&result);
    }
    document_words_drop(&document);
}

/* Short forms come from nicknames.conf; the family's telephone and e-mail lead to the child, in any dress. */
static void test_short_forms_and_contacts(void **state) {
    check(state, "Re: Jon Maplethorpe DOB 02/02/2014\n12 Elm Row, Ormsdale, PX4 5AB", FILING_FILED, "1000008", 1);
    check(state, "Re: Jonathan Maplethorpe\nPlease ring me on 07700 900 777 about Jonathan, or write to Edie.M@Mail.Example\n12 Elm Row", FILING_FILED, "1000008", 1);
    check(state, "From: edie.m@mail.example\nJonathan has been ill. Jonathan was sick again.", FILING_PROPOSED, "1000008", 0);
    check(state, "Ring +44 7700 900777 about the bill. Mr Smith", FILING_NONE, "", 0);
}

static void test_contact_keys(void **state) {
    (void)state;
    char key[CONTACT_BYTES];
    assert_true(contact_key("07700 900 777", key));
    assert_string_equal(key, "7700900777");
    assert_true(contact_key("+44 (7700) 900-777", key));
    assert_string_equal(key, "7700900777");
    assert_true(contact_key("Edie.M@Mail.Example", key));
    assert_string_equal(key, "edie.m@mail.example");
    static const char *const none[] = {"", "900777", "12/03/2011", "07700 90077x", "@", "a@b", "0123456789012345678901234567890"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(contact_key(none[i], key));
}

static void test_name_alone_is_proposed(void **state) {
    check(state, "Dear Sir\nIts about Niamh O'Shea. Niamh was here.", FILING_PROPOSED, "1000006", 0);
    check(state, "About\nNiamh, surname O'Shea, aged about 4\nWellington Street, thinks number 9",
          FILING_PROPOSED, "1000006", 0);
    check(state, "Re: Freya Barnes DOB 01/01/1900", FILING_PROPOSED, "1000007",
          0); /* a date that stands for none */
}

static void test_nobody_is_none(void **state) {
    check(state, "INVOICE 00839012 DATE 07/01/2009\nTwo beds, 89.00", FILING_NONE, "", 0);
    check(state, "", FILING_NONE, "", 0);
    check(state, "Niamh rang.", FILING_NONE, "", 0);
}

static void test_conflicts_are_not_filed(void **state) {
    check(state, "Re: Niamh O'Shea DOB 19/11/2001", FILING_NONE, "", 0);
    check(state, "Re: Isla Hughes-Pickup NHS 943 476 5919 DOB 27/03/2008", FILING_PROPOSED, "1000001", 0);
    check(state, "Re: Niamh O'Shea LCS 1000004 DOB 06/07/2013", FILING_PROPOSED, "", 0);
    /* a slip in the date, but the number is right */
    check(state, "Re: Niamh O'Shea LCS 1000006 DOB 06/07/2012", FILING_FILED, "1000006", 1);
}

static void test_same_name_needs_more(void **state) {
    check(state, "Re: Callum Kenyon", FILING_SEVERAL, "", 0);
    check(state, "Re: Callum Kenyon DOB 17/01/1996", FILING_PROPOSED, "1000004", 0);
    check(state, "Re: Callum Kenyon DOB 17/01/1996\n5 Mill Lane, Ormsdale, PX4 1UQ", FILING_FILED, "1000004",
          1);
    check(state, "Re: Callum Kenyon DOB 17/01/1996 LCS 1000004", FILING_FILED, "1000004", 1);
    check(state, "Re: Callum Kenyon DOB 19/01/1996 LCS 1000004", FILING_SEVERAL, "",
          0); /* a child for each */
}

static void test_brothers_and_sisters(void **state) {
    static const char list[] = "At 101 Bishop Street\nCHILDREN Sex DOB\nHUGHES-PICKUP, "
                               "Theo\n27/03/2008\nM\nHUGHES-PICKUP, Isla\n27/03/2008\nF\n";
    char text[512];
    check(state, list, FILING_SEVERAL, "", 0);
    snprintf(text, sizeof text, "%s\nThen Theo said so. Later Theo slept. Mum said that Theo is fine.", list);
    check(state, text, FILING_FILED, "1000002", 1);
    /* each with everything of its own: filed to both */
    check(state,
          "Children\nTheo Hughes-Pickup 27/03/2008 1000002 999 615 5870\nIsla Hughes-Pickup 27/03/2008 "
          "1000001 9990032165",
          FILING_FILED, "", 2);
    /* a sister in passing does not take it */
    check(state,
          "Name of child: Theo Hughes-Pickup DOB 27/03/2008 LCS 1000002\nIsla Hughes-Pickup (sibling) was "
          "out. Isla",
          FILING_FILED, "1000002", 1);
}

static void test_another_family_is_a_warning(void **state) {
    check(state,
          "Child: Niamh O'Shea DOB 06/07/2013 LCS 1000006\nLater\nCallum Kenyon born 17/01/1996, LCS "
          "1000004, ran away.",
          FILING_PROPOSED, "", 0);
    check(state, "Child: Niamh O'Shea DOB 06/07/2013 LCS 1000006\nLater Callum Kenyon ran away.",
          FILING_FILED, "1000006", 1);
}

static void test_adults_of_that_name(void **state) {
    check(state, "Dear Mr Callum Kenyon, thank you for the invoice.", FILING_NONE, "", 0);
    check(state, "Taken by Niamh O'Shea, social worker", FILING_NONE, "", 0);
}

static void test_rubbish_does_no_harm(void **state) {
    char text[4096];
    static const char signs[] = "Theo Kny,-'()/.:0123456789 \n\xC3\xA9\xFF|O";
    srand(41);
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i + 1 < sizeof text; i++)
            text[i] = signs[(size_t)rand() % (sizeof signs - 1)];
        text[sizeof text - 1] = 0;
        struct setting *s = *state;
        struct document_words document = words_of(text);
        struct filing_result result;
        matcher_decide(s->matcher, &document, &result);
        assert_int_not_equal(result.outcome, FILING_FILED);
        filing_result_drop(&result);
        document_words_drop(&document);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setting_new, setting_drop)
    const struct CMUnitTest tests[] = {
        TEST(test_files_by_number_and_name), TEST(test_files_by_birth_and_name),
        TEST(test_short_forms_and_contacts), TEST(test_said_to_be_another_familys), TEST(test_initials_and_sectors), cmocka_unit_test(test_contact_keys),
        TEST(test_name_alone_is_proposed),   TEST(test_nobody_is_none),
        TEST(test_conflicts_are_not_filed),  TEST(test_same_name_needs_more),
        TEST(test_brothers_and_sisters),     TEST(test_another_family_is_a_warning),
        TEST(test_adults_of_that_name),      TEST(test_rubbish_does_no_harm)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
