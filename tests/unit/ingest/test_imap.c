/* The IMAP channel: what a server says, and the whole dialog with a server that breaks off anywhere. */
#include "base/clock.h"
#include "base/file.h"
#include "ingest/imap.h"
#include "store/audit.h"
#include "tests/unit/store_fixture.h"

#include "tests/unit/ingest/imap_fake.h"

#include <fcntl.h>

/* ---- answers --------------------------------------------------------------------------------------------------- */

static void feed(struct imap_reader *reader, const char *text) {
    buf_add_text(&reader->in, text);
}

static void a_line_is_an_answer(void **state) {
    struct imap_reader reader = {.most_literal = 100};
    struct imap_answer answer;
    uint32_t n = 0;
    (void)state;
    feed(&reader, "* OK [UIDVALIDITY 385");
    assert_int_equal(imap_reader_next(&reader, &answer), 0);
    feed(&reader, "7] good {12}\r\n+ idling\r\nc17 NO [OVERQUOTA] full\r\nc18 what\r\n* 23 EXISTS\r\nA001 OK\r\n");
    assert_int_equal(imap_reader_next(&reader, &answer), 1);
    assert_int_equal(answer.kind, IMAP_UNTAGGED);
    assert_int_equal(answer.status, IMAP_OK);
    assert_true(imap_answer_code_number(&answer, "uidvalidity", &n));
    assert_int_equal(n, 3857);
    assert_false(imap_answer_code_number(&answer, "UIDNEXT", &n));
    assert_int_equal(imap_reader_next(&reader, &answer), 1);
    assert_int_equal(answer.kind, IMAP_CONTINUE);
    assert_int_equal(imap_reader_next(&reader, &answer), 1);
    assert_int_equal(answer.kind, IMAP_TAGGED);
    assert_int_equal(answer.tag, 17);
    assert_int_equal(answer.status, IMAP_NO);
    assert_true(imap_answer_code_is(&answer, "OVERQUOTA"));
    assert_true(imap_answer_mentions(&answer, "FULL"));
    assert_int_equal(imap_reader_next(&reader, &answer), 1);
    assert_int_equal(answer.kind, IMAP_NOISE);
    assert_int_equal(imap_reader_next(&reader, &answer), 1);
    assert_true(imap_answer_exists(&answer, &n));
    assert_int_equal(n, 23);
    assert_int_equal(imap_reader_next(&reader, &answer), 1);
    assert_int_equal(answer.kind, IMAP_NOISE); /* another's tag */
    assert_int_equal(imap_reader_next(&reader, &answer), 0);
    imap_reader_drop(&reader);
}

static const char fetched[] = "* 4 FETCH (FLAGS (\\Seen (x \"y)\")) UID 77 BODY[] {12}\r\nA: b\r\n\r\n{3}\r RFC822.SIZE 12 INTERNALDATE "
                              "\"17-Jul-1996 02:44:25 -0700\" X-GM-LABELS (\"\\\\Inbox\" {2}\r\n)) foo))\r\nc3 OK\r\n";

/* Whatever pieces it comes in, it is the same. */
static void a_mail_is_a_literal(void **state) {
    (void)state;
    for (size_t step = 1; step < sizeof fetched; step++) {
        struct imap_reader reader = {.most_literal = 12};
        struct imap_answer answer;
        struct imap_fetch fetch;
        struct buf kept = {0};
        size_t at = 0;
        int got = 0;
        while (!got && at < sizeof fetched - 1) {
            size_t n = at + step < sizeof fetched ? step : sizeof fetched - 1 - at;
            buf_add(&reader.in, fetched + at, n);
            at += n;
            got = imap_reader_next(&reader, &answer);
        }
        assert_int_equal(got, 1);
        assert_true(imap_answer_fetch(&answer, &fetch));
        assert_int_equal(fetch.uid, 77);
        assert_true(fetch.has_size);
        assert_int_equal(fetch.size, 12);
        assert_string_equal(fetch.date, "17-Jul-1996 02:44:25 -0700");
        imap_reader_take(&reader, &kept);
        buf_add(&reader.in, fetched + at, sizeof fetched - 1 - at);
        assert_int_equal(imap_reader_next(&reader, &answer), 1);
        assert_int_equal(answer.tag, 3);
        assert_int_equal(answer.status, IMAP_OK);
        assert_true(fetch.has_body); /* still there */
        assert_int_equal(fetch.body.len, 12);
        assert_memory_equal(fetch.body.data, "A: b\r\n\r\n{3}\r", 12);
        buf_drop(&kept);
        imap_reader_drop(&reader);
    }
}

static void limits_hold(void **state) {
    struct imap_reader reader = {.most_literal = 11};
    struct imap_answer answer;
    (void)state;
    feed(&reader, fetched);
    assert_int_equal(imap_reader_next(&reader, &answer), ERR_TOO_LARGE);
    imap_reader_drop(&reader);
    feed(&reader, "* 4 FETCH (BODY[] {99999999999999999999999999}\r\n");
    assert_int_equal(imap_reader_next(&reader, &answer), ERR_TOO_LARGE);
    imap_reader_drop(&reader);
    memset(buf_room(&reader.in, (16u << 20) + 1), 'x', (16u << 20) + 1);
    assert_int_equal(imap_reader_next(&reader, &answer), ERR_TOO_LARGE);
    imap_reader_drop(&reader);
}

static struct imap_answer answer_of(struct imap_reader *reader, const char *text) {
    struct imap_answer answer = {0};
    imap_reader_drop(reader);
    feed(reader, text);
    assert_int_equal(imap_reader_next(reader, &answer), 1);
    return answer;
}

static void what_is_no_fetch(void **state) {
    static const char *const wrong[] = {"* 4 FETCH\r\n", "* 4 FETCH (\r\n", "* 4 FETCH (UID)\r\n", "* 4 FETCH (UID x)\r\n", "* 4 FETCH (UID 0)\r\n",
                                        "* 4 FETCH (UID 4294967296)\r\n", "* 4 FETCH (UID 1\r\n", "* 4 FETCH (UID 1) x\r\n", "* FETCH (UID 1)\r\n",
                                        "* 4 FETCH (RFC822.SIZE -1)\r\n", "* 4 FETCH (BODY[] \"abc)\r\n", "* 4 FETCH (X (((( UID 1)\r\n",
                                        "* 4 STORE (UID 1)\r\n", "* OK 4 FETCH (UID 1)\r\n"};
    struct imap_reader reader = {.most_literal = 100};
    struct imap_fetch fetch;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct imap_answer answer = answer_of(&reader, wrong[i]);
        assert_false(imap_answer_fetch(&answer, &fetch));
    }
    struct imap_answer answer = answer_of(&reader, "* 4 FETCH (BODY[HEADER.FIELDS (TO X)] \"a\\\"b\" BODY[] NIL UID 9)\r\n");
    assert_true(imap_answer_fetch(&answer, &fetch));
    assert_int_equal(fetch.uid, 9);
    assert_false(fetch.has_body);
    imap_reader_drop(&reader);
}

static void add(void *state, uint32_t uid) {
    number_set_add(state, uid);
}

static void searches(void **state) {
    struct imap_reader reader = {.most_literal = 100};
    struct number_set uids = {0};
    (void)state;
    struct imap_answer answer = answer_of(&reader, "* SEARCH 5 3 4294967295 3 \r\n");
    assert_true(imap_answer_search(&answer, add, &uids));
    assert_int_equal(uids.count, 3);
    assert_int_equal(uids.list[0], 3);
    assert_int_equal(uids.list[2], UINT32_MAX);
    assert_true(number_set_has(&uids, 5));
    assert_false(number_set_has(&uids, 4));
    answer = answer_of(&reader, "* SEARCH\r\n");
    assert_true(imap_answer_search(&answer, add, &uids));
    answer = answer_of(&reader, "* SEARCH 7 (MODSEQ 12)\r\n");
    assert_true(imap_answer_search(&answer, add, &uids));
    assert_int_equal(uids.count, 4);
    answer = answer_of(&reader, "* SEARCH 8 x\r\n");
    assert_false(imap_answer_search(&answer, add, &uids));
    answer = answer_of(&reader, "* SEARCH 0\r\n");
    assert_false(imap_answer_search(&answer, add, &uids));
    answer = answer_of(&reader, "* CAPABILITY IMAP4rev1 MOVE\r\n");
    assert_true(imap_answer_has_word(&answer, "move"));
    assert_false(imap_answer_has_word(&answer, "IMAP4"));
    number_set_drop(&uids);
    imap_reader_drop(&reader);
}

static void folder_names(void **state) {
    static const struct {
        const char *name, *argument;
    } rows[] = {{"INBOX", "\"INBOX\""}, {"A&B", "\"A&-B\""}, {"say \"x\\\"", "\"say \\\"x\\\\\\\"\""},
                {"Bo\xc3\xaete", "\"Bo&AO4-te\""}, {"\xe5\x8f\xb0\xe5\x8c\x97", "\"&U,BTFw-\""}, /* RFC 3501, 5.1.3 */
                {"\xf0\x9f\x98\x80", "\"&2D3eAA-\""}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *argument = imap_folder_argument(rows[i].name);
        assert_string_equal(argument, rows[i].argument);
        free(argument);
    }
    assert_null(imap_folder_argument("a\r\nb"));
    assert_null(imap_folder_argument("\xff"));
}

/* ---- the dialog ------------------------------------------------------------------------------------------------ */

struct inbox {
    struct place place;
    struct fake fake;
    struct mailbox mailbox;
    char url[64], password_file[96];
    struct channel *channel;
    struct channel_look look; /* the last one */
    int taken;                /* by all looks */
};

static void password_write(struct inbox *inbox, const char *password, mode_t mode) {
    int fd = open(inbox->password_file, O_WRONLY | O_CREAT | O_TRUNC, mode);
    assert_int_equal(write(fd, password, strlen(password)), strlen(password));
    fchmod(fd, mode);
    close(fd);
}

static int inbox_new(void **state) {
    struct inbox *inbox = mem_new(sizeof *inbox);
    *state = inbox;
    strcpy(inbox->place.folder, "/tmp/casefile-test-XXXXXX");
    assert_non_null(mkdtemp(inbox->place.folder));
    assert_int_equal(store_open(inbox->place.folder, &inbox->place.store), 0);
    fake_start(&inbox->fake);
    inbox->fake.password_base64 = "AGRlc2sAc2VjcmV0"; /* desk, secret */
    snprintf(inbox->url, sizeof inbox->url, "imap://127.0.0.1:%d", inbox->fake.port);
    snprintf(inbox->password_file, sizeof inbox->password_file, "%s/password", inbox->place.folder);
    password_write(inbox, "secret\n", 0600);
    inbox->mailbox = (struct mailbox){.name = "desk", .kind = "imap", .path = "", .url = inbox->url, .tls = "off", .ca_file = "", .user = "desk",
                                      .password_file = inbox->password_file, .folder = "INBOX", .filed_folder = "Filed",
                                      .problem_folder = "Problem", .poll_seconds = 3600, .team = "", .document_kind = "letter", .priority = "urgent"};
    return 0;
}

static void channel_start(struct inbox *inbox) {
    assert_int_equal(imap_channel(inbox->place.store, &inbox->mailbox, 1000, &inbox->channel), 0);
    struct imap *imap = (struct imap *)(void *)inbox->channel;
    imap->session.retry_ms = imap->session.retry_first_ms = 1;
}

static void channel_stop(struct inbox *inbox) {
    if (inbox->channel)
        inbox->channel->drop(inbox->channel);
    inbox->channel = NULL;
}

static int inbox_drop(void **state) {
    struct inbox *inbox = *state;
    channel_stop(inbox);
    fake_end(&inbox->fake);
    store_close(&inbox->place.store);
    folder_remove(inbox->place.folder);
    free(inbox);
    return 0;
}

static struct imap_session *session_of(struct inbox *inbox) {
    return &((struct imap *)(void *)inbox->channel)->session;
}

static bool at_rest(struct inbox *inbox) {
    enum imap_step step = session_of(inbox)->step;
    return (step == STEP_IDLE || step == STEP_READY) && imap_session_rests(session_of(inbox)) && !session_of(inbox)->changed;
}

static void look(struct inbox *inbox) {
    inbox->channel->look(inbox->channel, &inbox->look);
    inbox->taken += inbox->look.taken;
}

/* Looks until nothing is left to do. */
static void settle(struct inbox *inbox) {
    int64_t end = clock_steady() + 10000;
    do {
        look(inbox);
        if (session_of(inbox)->step == STEP_AWAY)
            usleep(2000);
    } while (!at_rest(inbox) && clock_steady() < end);
    assert_true(at_rest(inbox));
}

static void look_again(struct inbox *inbox) {
    session_of(inbox)->changed = true;
    settle(inbox);
}

static void mail_is_taken_and_moved(void **state) {
    struct inbox *inbox = *state;
    fake_put(&inbox->fake, "Subject: one\r\n\r\nfirst");
    fake_put(&inbox->fake, "Subject: two\r\n\r\nsecond");
    channel_start(inbox);
    settle(inbox);
    assert_int_equal(inbox->taken, 2);
    assert_string_equal(inbox->look.trouble, "");
    assert_int_equal(inbox->look.left, 0);
    assert_int_equal(inbox->look.waiting, 0);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 0);
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 2);
    assert_int_equal(inbox->fake.creates, 1);
    assert_row_text(inbox->place.store, "SELECT channel || ' ' || profile || ' ' || kind || ' ' || priority || ' ' || received_by FROM receipt WHERE id = 1",
                    "mailbox desk letter 20 machine");
    assert_int_equal(number(inbox->place.store, "SELECT bytes FROM part WHERE id = 2"), 22);
    assert_true(inbox->channel->fd(inbox->channel) >= 0);
    struct pollfd p = {.fd = inbox->channel->fd(inbox->channel), .events = POLLIN};
    assert_int_equal(poll(&p, 1, 50), 0);
    fake_put(&inbox->fake, "Subject: later\r\n\r\n");
    assert_int_equal(poll(&p, 1, 2000), 1); /* the server says so */
    settle(inbox);
    settle(inbox);
    assert_int_equal(inbox->taken, 3);
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 3);
    assert_true(inbox->fake.idles > 0);
    assert_int_equal(inbox->fake.connections, 1);
}

/* The server breaks off after each number of bytes; what was taken in stays so, and nothing is taken in twice. */
static void cut_anywhere(void **state) {
    struct inbox *inbox = *state;
    struct fake *fake = &inbox->fake;
    int mails = 0;
    fake->chatty = true;
    channel_start(inbox);
    settle(inbox);
    for (long after = 1; mails < 30; after += 31) {
        char text[64];
        snprintf(text, sizeof text, "Subject: %d\r\n\r\nmail number %d", mails, mails);
        pthread_mutex_lock(&fake->lock);
        fake->cut_after = fake->sent + after;
        pthread_mutex_unlock(&fake->lock);
        fake_put(fake, text);
        mails++;
        session_of(inbox)->changed = true;
        session_of(inbox)->retry_ms = 1;
        for (int i = 0; i < 4; i++, usleep(2000))
            look(inbox);
    }
    fake->cut_after = -1;
    look_again(inbox);
    look_again(inbox);
    assert_true(fake->connections > 15);
    assert_int_equal(inbox->taken, mails);
    assert_int_equal(number(inbox->place.store, "SELECT count(*) FROM receipt"), mails);
    assert_int_equal(number(inbox->place.store, "SELECT count(DISTINCT content_hash) FROM part"), mails);
    assert_int_equal(fake_count(fake, "INBOX"), 0);
    assert_int_equal(fake_count(fake, "Filed"), mails);
}

/* The same from the first byte of a connection on, with a new channel each time, as after a kill. */
static void cut_from_the_first_byte(void **state) {
    struct inbox *inbox = *state;
    struct fake *fake = &inbox->fake;
    for (long after = 0; after < 1000; after += 41) {
        fake_put(fake, "the same words each time");
        fake->cut_after = after;
        channel_start(inbox);
        for (int i = 0; i < 2; i++)
            look(inbox);
        channel_stop(inbox);
        fake->cut_after = -1;
        channel_start(inbox);
        settle(inbox);
        channel_stop(inbox);
    }
    assert_true(fake->connections > 40);
    assert_int_equal(number(inbox->place.store, "SELECT count(*) FROM receipt"), 25);
    assert_int_equal(number(inbox->place.store, "SELECT count(*) FROM part WHERE same_as IS NULL"), 1);
    assert_int_equal(fake_count(fake, "INBOX"), 0);
    assert_int_equal(fake_count(fake, "Filed"), 25);
}

static void without_move(void **state) {
    struct inbox *inbox = *state;
    inbox->fake.capability = "UIDPLUS";
    fake_put(&inbox->fake, "one");
    channel_start(inbox);
    settle(inbox);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 0);
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 1);
    assert_null(inbox->fake.mails[0].bytes); /* expunged */
    assert_int_equal(inbox->fake.idles, 0);
    assert_in_range(inbox->channel->wait_ms, 3500000, 3600000);
    inbox->fake.capability = ""; /* nor UIDPLUS: marked, and not looked at again */
    channel_stop(inbox);
    fake_put(&inbox->fake, "two");
    channel_start(inbox);
    settle(inbox);
    look_again(inbox);
    assert_int_equal(inbox->taken, 2);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 0);
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 2);
}

static void a_full_mailbox_is_told(void **state) {
    struct inbox *inbox = *state;
    inbox->fake.folders[inbox->fake.folder_count++] = strdup("Filed");
    inbox->fake.full = true;
    fake_put(&inbox->fake, "one");
    fake_put(&inbox->fake, "two");
    channel_start(inbox);
    settle(inbox);
    look_again(inbox);
    assert_int_equal(inbox->taken, 2);
    assert_int_equal(inbox->look.left, 2);
    assert_string_equal(inbox->look.trouble, "the mailbox is full: mails cannot be moved to another folder");
    assert_int_equal(inbox->fake.bodies, 2); /* neither is fetched again */
    channel_stop(inbox);
    channel_start(inbox); /* nor by another run */
    settle(inbox);
    assert_int_equal(inbox->fake.bodies, 2);
    inbox->fake.full = false;
    session_of(inbox)->skip_until_ms = 0;
    look_again(inbox);
    assert_int_equal(inbox->look.left, 0);
    assert_string_equal(inbox->look.trouble, "");
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 2);
    assert_int_equal(inbox->taken, 2);
}

static void too_large_goes_to_problem(void **state) {
    struct inbox *inbox = *state;
    char large[1200];
    memset(large, 'x', sizeof large);
    large[1001] = 0;
    fake_put(&inbox->fake, large);
    large[1000] = 0;
    fake_put(&inbox->fake, large);
    channel_start(inbox);
    settle(inbox);
    assert_int_equal(inbox->taken, 1);
    assert_int_equal(inbox->fake.bodies, 1);
    assert_int_equal(fake_count(&inbox->fake, "Problem"), 1);
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 1);
    channel_stop(inbox);
    inbox->mailbox.problem_folder = (char[]){""};
    large[1000] = 'x';
    fake_put(&inbox->fake, large);
    channel_start(inbox);
    settle(inbox);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 1);
    assert_int_equal(inbox->look.left, 1);
    assert_string_equal(inbox->look.trouble, "a mail is too large and stays where it is");
}

static void a_mail_that_breaks_the_server_holds_up_nobody(void **state) {
    struct inbox *inbox = *state;
    fake_put(&inbox->fake, "one that breaks off");
    fake_put(&inbox->fake, "one that lies");
    fake_put(&inbox->fake, "a good one");
    inbox->fake.cut_in_uid = 11;
    channel_start(inbox);
    settle(inbox);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 1);
    assert_int_equal(inbox->taken, 2);
    assert_string_equal(inbox->look.trouble, "a mail cannot be fetched: the server breaks off");
    assert_int_equal(inbox->look.left, 1);
    inbox->fake.cut_in_uid = 0;
    session_of(inbox)->bad_until_ms = session_of(inbox)->skip_until_ms = 0; /* ten minutes later */
    inbox->fake.lies_uid = 14 + 2;
    fake_put(&inbox->fake, "this one lies");
    look_again(inbox);
    assert_int_equal(inbox->taken, 3);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 1);
    inbox->fake.lies_uid = 0;
    inbox->fake.refuse_body = true;
    session_of(inbox)->bad_until_ms = session_of(inbox)->skip_until_ms = 0;
    look_again(inbox);
    assert_string_equal(inbox->look.trouble, "a mail cannot be fetched: the server refuses it");
    inbox->fake.refuse_body = false;
    session_of(inbox)->skip_until_ms = 0;
    look_again(inbox);
    assert_int_equal(inbox->taken, 4);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 0);
}

static void without_a_filed_folder_it_is_marked(void **state) {
    struct inbox *inbox = *state;
    inbox->mailbox.filed_folder = (char[]){""};
    fake_put(&inbox->fake, "one");
    fake_put(&inbox->fake, "two");
    channel_start(inbox);
    settle(inbox);
    assert_int_equal(inbox->taken, 2);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 2);
    assert_true(inbox->fake.mails[0].seen && inbox->fake.mails[1].seen);
    assert_int_equal(session_of(inbox)->floor_uid, 12);
    look_again(inbox);
    channel_stop(inbox);
    channel_start(inbox);
    fake_put(&inbox->fake, "three");
    settle(inbox);
    look_again(inbox);
    assert_int_equal(inbox->taken, 3);
    assert_int_equal(inbox->fake.bodies, 3);
    assert_int_equal(session_of(inbox)->floor_uid, 13);
    assert_int_equal(inbox->look.left, 0);
}

static void quarantined_mail_goes_to_problem(void **state) {
    struct inbox *inbox = *state;
    fake_put(&inbox->fake, "mail A: fine");
    fake_put(&inbox->fake, "mail B: hmm.");
    channel_start(inbox);
    settle(inbox);
    run(inbox->place.store, "UPDATE part SET state = 'quarantined' WHERE receipt_id = 2");
    assert_int_equal(inbox->channel->tidy(inbox->channel), 0);
    settle(inbox);
    look_again(inbox);
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 1);
    assert_int_equal(fake_count(&inbox->fake, "Problem"), 1);
    for (int i = 0; i < inbox->fake.mail_count; i++) {
        struct fake_mail *m = &inbox->fake.mails[i];
        if (m->bytes)
            assert_string_equal(m->bytes, strcmp(inbox->fake.folders[m->folder], "Problem") == 0 ? "mail B: hmm." : "mail A: fine");
    }
    int bodies = inbox->fake.bodies;
    assert_int_equal(inbox->channel->tidy(inbox->channel), 0);
    settle(inbox);
    assert_int_equal(inbox->fake.bodies, bodies); /* it is not looked for again */
    /* After a restart too; and one that was received before the restart goes there at once. */
    run(inbox->place.store, "UPDATE part SET state = 'quarantined'");
    channel_stop(inbox);
    channel_start(inbox);
    assert_int_equal(inbox->channel->tidy(inbox->channel), 0);
    settle(inbox);
    look_again(inbox);
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 0);
    assert_int_equal(fake_count(&inbox->fake, "Problem"), 2);
}

static void look_for_trouble(struct inbox *inbox, const char *trouble) {
    int64_t end = clock_steady() + 10000;
    do {
        look(inbox);
        usleep(1000);
    } while (strcmp(inbox->look.trouble, trouble) && clock_steady() < end);
    assert_string_equal(inbox->look.trouble, trouble);
}

static void passwords(void **state) {
    struct inbox *inbox = *state;
    fake_put(&inbox->fake, "one");
    password_write(inbox, "wrong\n", 0600);
    channel_start(inbox);
    session_of(inbox)->retry_ms = session_of(inbox)->retry_first_ms = 3600000;
    look_for_trouble(inbox, "the password is refused");
    assert_int_equal(inbox->fake.logins, 1);
    look(inbox);
    assert_int_equal(inbox->fake.logins, 1); /* not tried again and again */
    password_write(inbox, "secret\n", 0644);
    look_for_trouble(inbox, "the password file can be read by others: it must have mode 0600");
    usleep(20000);
    password_write(inbox, "secret\n", 0600);
    settle(inbox); /* a changed file is tried at once */
    assert_string_equal(inbox->look.trouble, "");
    assert_int_equal(inbox->taken, 1);
    channel_stop(inbox);
    unlink(inbox->password_file);
    channel_start(inbox);
    look_for_trouble(inbox, "the password file cannot be read");
}

static void a_server_that_is_away(void **state) {
    struct inbox *inbox = *state;
    char url[] = "imap://127.0.0.1:9";
    inbox->mailbox.url = url;
    channel_start(inbox);
    session_of(inbox)->retry_ms = 40;
    look_for_trouble(inbox, "the server cannot be reached");
    assert_in_range(inbox->channel->wait_ms, 0, 400);
    int waits = session_of(inbox)->retry_ms;
    usleep(100000);
    look(inbox);
    assert_true(session_of(inbox)->retry_ms > waits);
    for (int i = 0; i < 30; i++) {
        session_of(inbox)->retry_at_ms = 0;
        look(inbox);
    }
    assert_int_equal(session_of(inbox)->retry_ms, 300000);
    assert_in_range(inbox->channel->wait_ms, 290000, 300000);
}

static void encryption_is_demanded(void **state) {
    struct inbox *inbox = *state;
    inbox->mailbox.tls = (char[]){"on"};
    channel_start(inbox);
    look_for_trouble(inbox, "the server offers no encryption");
    assert_int_equal(inbox->fake.logins, 0);
}

static void settings_that_are_refused(void **state) {
    struct inbox *inbox = *state;
    static const char *const urls[] = {"imap://mail.example:143", "http://127.0.0.1", "imaps://desk:secret@127.0.0.1", "imap://127.0.0.1/INBOX", "", "::"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char url[64];
        inbox->mailbox.url = strcpy(url, urls[i]);
        assert_int_equal(imap_channel(inbox->place.store, &inbox->mailbox, 1000, &inbox->channel), ERR_SETTING);
    }
    inbox->mailbox.url = inbox->url;
    inbox->mailbox.filed_folder = (char[]){"inbox"};
    assert_int_equal(imap_channel(inbox->place.store, &inbox->mailbox, 1000, &inbox->channel), ERR_SETTING);
    inbox->mailbox.filed_folder = (char[]){"a\r\nc1 DELETE x"};
    assert_int_equal(imap_channel(inbox->place.store, &inbox->mailbox, 1000, &inbox->channel), ERR_SETTING);
    assert_null(inbox->channel);
}

static void a_store_that_refuses_keeps_the_mail(void **state) {
    struct inbox *inbox = *state;
    fake_put(&inbox->fake, "one");
    channel_start(inbox);
    run(inbox->place.store, "ALTER TABLE audit_leaf RENAME TO audit_gone");
    int64_t end = clock_steady() + 10000;
    do
        look(inbox);
    while (!inbox->look.err && clock_steady() < end);
    assert_int_equal(inbox->look.err, ERR_DATABASE);
    assert_int_equal(inbox->look.store_err, 1);
    assert_string_equal(inbox->look.trouble, "taking in has stopped: the database reported an error; it goes on by itself when this clears");
    assert_int_equal(inbox->taken, 0);
    assert_int_equal(fake_count(&inbox->fake, "INBOX"), 1);
    run(inbox->place.store, "ALTER TABLE audit_gone RENAME TO audit_leaf");
    look_again(inbox);
    assert_int_equal(inbox->taken, 1);
    assert_int_equal(fake_count(&inbox->fake, "Filed"), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, inbox_new, inbox_drop)
int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_line_is_an_answer), cmocka_unit_test(a_mail_is_a_literal), cmocka_unit_test(limits_hold),
                                       cmocka_unit_test(what_is_no_fetch), cmocka_unit_test(searches), cmocka_unit_test(folder_names),
                                       T(mail_is_taken_and_moved), T(cut_anywhere), T(cut_from_the_first_byte), T(without_move),
                                       T(a_full_mailbox_is_told), T(too_large_goes_to_problem), T(a_mail_that_breaks_the_server_holds_up_nobody),
                                       T(without_a_filed_folder_it_is_marked), T(quarantined_mail_goes_to_problem), T(passwords),
                                       T(a_server_that_is_away), T(encryption_is_demanded), T(settings_that_are_refused),
                                       T(a_store_that_refuses_keeps_the_mail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
