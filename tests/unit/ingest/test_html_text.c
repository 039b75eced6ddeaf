/* HTML made plain. */
#include "ingest/html_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect(const char *html, const char *text) {
    struct buf out = {0};
    html_text(html, &out);
    assert_string_equal(buf_text(&out), text);
    buf_drop(&out);
}

static void blocks_and_breaks(void **state) {
    (void)state;
    expect("<p>Dear  all,</p><p>see\n you<br>soon</p>", "Dear all,\nsee you\nsoon\n");
    expect("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\t\nc\t\n");
    expect("one <b>two</b>three", "one twothree\n");
    expect("a<br><br>b", "a\n\nb\n");
}

static void entities(void **state) {
    (void)state;
    expect("Tom &amp; Jerry&#39;s &pound;20 &#x5A;o&euml; &unknown; & co",
           "Tom & Jerry's £20 Zoë &unknown; & co\n");
    expect("&#0;&#xD800;&#99999999;x", "\uFFFD&#xD800;&#99999999;x\n");
    expect("&lt;b&gt;", "<b>\n");
}

static void what_is_not_shown(void **state) {
    (void)state;
    expect("<style>p{color:red}</style><script>alert('<p>')</script>seen<!-- not <b>seen</b> -->too",
           "seentoo\n");
    expect("<head><title>t</title></head><body>b</body>", "b\n");
    expect("<img src='http://tracker.example/p.gif?a=1>2' alt=x>y", "y\n");
}

static void broken(void **state) {
    (void)state;
    expect("", "");
    expect("1 < 2 <3", "1 < 2 <3\n");
    expect("a<b", "a\n");
    expect("<!-- never ends", "");
    expect("<script>never ends", "");
    expect("<a href=\"never>closed", "closed\n");
    expect("&", "&\n");
    expect("</", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_and_breaks),
        cmocka_unit_test(entities),
        cmocka_unit_test(what_is_not_shown),
        cmocka_unit_test(broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
