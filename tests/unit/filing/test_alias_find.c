/* What a document calls a child that the register does not. */
#include "filing/alias_find.h"

#include "tests/unit/filing/words_of.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct people *register_make(void) {
    struct people *people = NULL;
    char *where = NULL;
    int err = people_from_csv("council_id,forenames,surname,also_known_as,date_of_birth,family_id\n1,Theodora Mae,Quillfeather,Tess Quillfeather,2011-03-12,F1\n"
                              "2,Rafe,Quillfeather,,2013-09-01,F1\n",
                              "council_id,person_id,role,forenames,surname\n1,P1,family,Dorothea,Quillfeather\n", &people, &where);
    assert_int_equal(err, 0);
    return people;
}

static void check(const char *text, const char *wanted) {
    struct people *people = register_make();
    struct document_words words = words_of(text);
    char *alias = alias_find(people, &people->children[0], &words);
    if (wanted)
        assert_string_equal(alias, wanted);
    else
        assert_null(alias);
    free(alias);
    document_words_drop(&words);
    people_drop(&people);
}

static void names_that_are_new(void **state) {
    (void)state;
    check("About Dolly Quillfeather\nDolly Quillfeather was seen.", "Dolly Quillfeather");
    check("Dolly Quillfeather, Polly Quillfeather. Polly Quillfeather and Polly Quillfeather. Dolly Quillfeather", "Polly Quillfeather");
}

static void names_that_are_not(void **state) {
    (void)state;
    check("About Dolly Quillfeather, once", NULL);
    check("Theodora Quillfeather and Theodora Quillfeather; Mae Quillfeather, Mae Quillfeather; Tess Quillfeather Tess Quillfeather", NULL);
    check("Rafe Quillfeather Rafe Quillfeather Dorothea Quillfeather Dorothea Quillfeather", NULL); /* brother, mother */
    check("Mrs Quillfeather and Mrs Quillfeather; Mr John Quillfeather, Mr John Quillfeather", NULL);
    check("the Quillfeather family, the Quillfeather home, little Quillfeather, little Quillfeather", NULL);
    check("Dolly\nQuillfeather\nDolly\nQuillfeather", NULL); /* cells of a table */
    check("", NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_that_are_new), cmocka_unit_test(names_that_are_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
