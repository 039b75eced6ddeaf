/* iCalendar as lines that people read. */
#include "base/err.h"
#include "ingest/calendar_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static int run(const char *text) {
    buf_drop(&out);
    return calendar_text(view_text(text), &out);
}

static void a_meeting(void **state) {
    (void)state;
    assert_int_equal(run("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/"
                         "London\r\nDTSTART:19700101T000000\r\nEND:VTIMEZONE\r\n"
                         "BEGIN:VEVENT\r\nSUMMARY:Review\\, Jamie Exa\r\n "
                         "mple\r\nDTSTART;TZID=\"Europe/London\":20190312T091400\r\n"
                         "DTEND:20190312T101500Z\r\nLOCATION:Room 4\\; first floor\r\nORGANIZER;CN=\"Tester: "
                         "Pat\":mailto:pat@mail.example\r\n"
                         "ATTENDEE;ROLE=REQ-PARTICIPANT;CN=Lorna "
                         "Example:MAILTO:lorna@mail.example\r\nATTENDEE:mailto:q@mail.example\r\n"
                         "DESCRIPTION:First "
                         "line\\nsecond\r\nBEGIN:VALARM\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:"
                         "VEVENT\r\nEND:VCALENDAR\r\n"),
                     0);
    assert_string_equal(
        buf_text(&out),
        "What: Review, Jamie Example\nFrom: 12/03/2019 09:14 (Europe/London)\nTo: 12/03/2019 10:15 UTC\n"
        "Where: Room 4; first floor\nOrganiser: Tester: Pat <pat@mail.example>\nWho: Lorna Example "
        "<lorna@mail.example>\n"
        "Who: q@mail.example\nDescription: First line\n    second\n");
}

static void all_day_and_cancelled(void **state) {
    (void)state;
    assert_int_equal(run("begin:vcalendar\nmethod:CANCEL\nbegin:vevent\nsummary:One\ndtstart;value=DATE:"
                         "20190312\nend:vevent\n"
                         "begin:vtodo\nsummary:Two\ndue:next week\nend:vtodo\nend:vcalendar\n"),
                     0);
    assert_string_equal(buf_text(&out),
                        "Cancelled\n\nWhat: One\nFrom: 12/03/2019\n\nWhat: Two\nDue: next week\n");
}

static void what_is_no_calendar(void **state) {
    (void)state;
    static const char *const texts[] = {"", "hello", "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
                                        "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(run(texts[i]), ERR_DAMAGED);
        assert_int_equal(out.len, 0);
    }
}

static void broken_lines_are_passed_over(void **state) {
    (void)state;
    assert_int_equal(run("BEGIN:VCALENDAR\nBEGIN:VEVENT\nno colon\n:no "
                         "name\nSUMMARY;X=\"open:quote\nEND:VALARM\nATTACH:http://x.example/a\n"
                         "SUMMARY:ends in \\\n"),
                     0);
    assert_string_equal(buf_text(&out), "(an attachment of this entry is not shown)\nWhat: ends in \\\n");
}

static int end(void **state) {
    (void)state;
    buf_drop(&out);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_meeting),
        cmocka_unit_test(all_day_and_cancelled),
        cmocka_unit_test(what_is_no_calendar),
        cmocka_unit_test(broken_lines_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
