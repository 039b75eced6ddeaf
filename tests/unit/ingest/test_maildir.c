/* The Maildir channel: names, what is taken, what stays, and what a kill at any moment leaves behind. */
#include "base/clock.h"
#include "base/file.h"
#include "ingest/channel.h"
#include "ingest/maildir.h"
#include "ingest/mailbox.h"
#include "tests/unit/store_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

/* ---- names ----------------------------------------------------------------------------------------------------- */

static void names_are_read_and_written(void **state) {
    static const struct {
        const char *name, *unique, *flags;
        int64_t receipt;
        const char *again;
    } rows[] = {
        {"1700000000.M1P2.host", "1700000000.M1P2.host", "", 0, "1700000000.M1P2.host:2,"},
        {"1700.M1P2.host,S=12,W=13:2,FS", "1700.M1P2.host,S=12,W=13", "FS", 0, "1700.M1P2.host,S=12,W=13:2,FS"},
        {"a,R000123:2,S", "a", "S", 123, "a,R000123:2,S"},
        {"a,R000123", "a", "", 123, "a,R000123:2,"},
        {"a,R1234567:2,", "a", "", 1234567, "a,R1234567:2,"},
        {"a,R123:2,S", "a,R123", "S", 0, "a,R123:2,S"},
        {"a,R000000:2,S", "a,R000000", "S", 0, "a,R000000:2,S"},
        {"a,R9999999999999999999:2,S", "a,R9999999999999999999", "S", 0, "a,R9999999999999999999:2,S"},
        {"R000123:2,", "R000123", "", 0, "R000123:2,"},
        {"a:2,SSFxF", "a", "FS", 0, "a:2,FS"},
        {"a:1,S", "a", "", 0, "a:2,"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct maildir_name name = maildir_name_read(rows[i].name);
        char *again = maildir_name_write(&name);
        assert_string_equal(name.unique, rows[i].unique);
        assert_string_equal(name.flags, rows[i].flags);
        assert_int_equal(name.receipt, rows[i].receipt);
        assert_string_equal(again, rows[i].again);
        free(again);
        maildir_name_drop(&name);
    }
    struct maildir_name name = maildir_name_read("a:2,ZYXWVUTSRQPONMLKJIHGFEDCBA");
    assert_int_equal(strlen(name.flags), 26);
    assert_true(maildir_name_has(&name, 'T'));
    maildir_name_drop(&name);
}

static void a_long_name_fits(void **state) {
    char text[256];
    (void)state;
    memset(text, 'n', 255);
    text[255] = 0;
    struct maildir_name name = maildir_name_read(text);
    name.receipt = 123456789;
    char *written = maildir_name_write(&name);
    assert_true(strlen(written) < 255);
    struct maildir_name again = maildir_name_read(written);
    assert_string_equal(again.unique, name.unique);
    assert_int_equal(again.receipt, 123456789);
    maildir_name_drop(&again);
    maildir_name_drop(&name);
    free(written);
}

/* ---- the channel ----------------------------------------------------------------------------------------------- */

struct desk {
    struct place place;
    char path[96];
    struct mailbox mailbox;
    struct channel *channel;
    struct channel_look look;
};

static void folder_make(struct desk *desk, const char *below) {
    char *path = mem_print("%s/%s", desk->path, below);
    assert_int_equal(mkdir(path, 0755), 0);
    free(path);
}

static void channel_start(struct desk *desk) {
    assert_int_equal(maildir_channel(desk->place.store, &desk->mailbox, 1000, &desk->channel), 0);
}

static void channel_again(struct desk *desk) {
    desk->channel->drop(desk->channel);
    channel_start(desk);
}

static int desk_new(void **state) {
    struct desk *desk = mem_new(sizeof *desk);
    *state = desk;
    strcpy(desk->place.folder, "/tmp/casefile-test-XXXXXX");
    assert_non_null(mkdtemp(desk->place.folder));
    assert_int_equal(store_open(desk->place.folder, &desk->place.store), 0);
    snprintf(desk->path, sizeof desk->path, "%s/Maildir", desk->place.folder);
    folder_make(desk, "");
    folder_make(desk, "new");
    folder_make(desk, "cur");
    folder_make(desk, "tmp");
    desk->mailbox = (struct mailbox){.name = "desk", .kind = "maildir", .path = desk->path, .filed_folder = "Filed", .problem_folder = "Problem",
                                     .poll_seconds = 60, .document_kind = "", .priority = "usual"};
    channel_start(desk);
    return 0;
}

static int desk_drop(void **state) {
    struct desk *desk = *state;
    desk->channel->drop(desk->channel);
    store_close(&desk->place.store);
    folder_remove(desk->place.folder);
    free(desk);
    return 0;
}

static void put(struct desk *desk, const char *below, const char *bytes) {
    char *path = mem_print("%s/%s", desk->path, below);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(bytes, file);
    fclose(file);
    free(path);
}

static bool is_there(struct desk *desk, const char *below) {
    char *path = mem_print("%s/%s", desk->path, below);
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

static int count(struct desk *desk, const char *below) {
    char *path = mem_print("%s/%s", desk->path, below);
    DIR *folder = opendir(path);
    int n = 0;
    for (struct dirent *e; folder && (e = readdir(folder));)
        n += e->d_name[0] != '.';
    if (folder)
        closedir(folder);
    free(path);
    return n;
}

static int look(struct desk *desk) {
    desk->channel->look(desk->channel, &desk->look);
    return desk->look.taken;
}

static void mail_is_taken_and_moved(void **state) {
    struct desk *desk = *state;
    put(desk, "new/1.a.host", "Subject: one\n\nx");
    put(desk, "cur/2.b.host:2,FR", "Subject: two\n\ny");
    put(desk, "cur/3.c.host:2,ST", "in the bin");
    put(desk, "tmp/4.d.host", "half a ma");
    put(desk, "new/.hidden", "no mail");
    assert_int_equal(look(desk), 2);
    assert_int_equal(desk->look.err, 0);
    assert_string_equal(desk->look.trouble, "");
    assert_true(is_there(desk, ".Filed/cur/1.a.host,R000001:2,S"));
    assert_true(is_there(desk, ".Filed/cur/2.b.host,R000002:2,FRS"));
    assert_true(is_there(desk, ".Filed/new") && is_there(desk, ".Filed/tmp") && is_there(desk, ".Filed/maildirfolder"));
    assert_int_equal(count(desk, "new") + count(desk, "cur") + count(desk, "tmp"), 2);
    assert_row_text(desk->place.store, "SELECT channel || ' ' || profile || ' ' || kind || priority FROM receipt WHERE id = 1", "mailbox desk 10");
    assert_int_equal(number(desk->place.store, "SELECT bytes FROM part WHERE id = 1"), 15);
    assert_int_equal(look(desk), 0);
}

static void a_new_mail_wakes_the_watch(void **state) {
    struct desk *desk = *state;
    look(desk);
    struct pollfd p = {.fd = desk->channel->fd(desk->channel), .events = POLLIN};
    assert_int_equal(poll(&p, 1, 0), 0);
    put(desk, "tmp/1.a.host", "one");
    assert_int_equal(poll(&p, 1, 50), 0);
    char *from = mem_print("%s/tmp/1.a.host", desk->path), *to = mem_print("%s/new/1.a.host", desk->path);
    assert_int_equal(rename(from, to), 0);
    free(from);
    free(to);
    assert_int_equal(poll(&p, 1, 2000), 1);
    assert_int_equal(look(desk), 1);
    assert_int_equal(desk->channel->wait_ms, 60000);
}

/* Killed between the receipt and the move: the same mail lies there still. */
static void after_a_kill_it_is_known(void **state) {
    struct desk *desk = *state;
    struct stat st;
    put(desk, "new/1.a.host", "one");
    char *path = mem_print("%s/new/1.a.host", desk->path);
    assert_int_equal(stat(path, &st), 0);
    char *source = mem_print("maildir %s 1.a.host %lld.%09ld 3", desk->path, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    struct mailbox_mail mail = {"mail.eml", source, view_text("one")};
    struct receipt receipt;
    assert_int_equal(mailbox_receive(desk->place.store, &desk->mailbox, &mail, &receipt), 0);
    assert_int_equal(look(desk), 1);
    assert_int_equal(number(desk->place.store, "SELECT count(*) FROM receipt"), 1);
    assert_true(is_there(desk, ".Filed/cur/1.a.host,R000001:2,S"));
    /* Another mail of the same name is another mail. */
    put(desk, "new/1.a.host", "another");
    assert_int_equal(look(desk), 1);
    assert_true(is_there(desk, ".Filed/cur/1.a.host,R000002:2,S"));
    assert_int_equal(number(desk->place.store, "SELECT count(*) FROM part WHERE same_as IS NULL"), 2);
    free(source);
    free(path);
}

static void without_a_filed_folder_it_stays(void **state) {
    struct desk *desk = *state;
    desk->mailbox.filed_folder = (char[]){""};
    put(desk, "new/1.a.host", "one");
    put(desk, "cur/2.b.host:2,", "two");
    assert_int_equal(look(desk), 2);
    assert_true(is_there(desk, "cur/1.a.host,R000001:2,S"));
    assert_true(is_there(desk, "cur/2.b.host,R000002:2,S"));
    assert_int_equal(look(desk), 0);
    channel_again(desk);
    assert_int_equal(look(desk), 0);
    /* Its mail program sets a flag. */
    char *from = mem_print("%s/cur/1.a.host,R000001:2,S", desk->path), *to = mem_print("%s/cur/1.a.host,R000001:2,RS", desk->path);
    assert_int_equal(rename(from, to), 0);
    free(from);
    free(to);
    assert_int_equal(look(desk), 0);
    /* A number that this store has not given. */
    put(desk, "cur/3.c.host,R000001:2,S", "three");
    assert_int_equal(look(desk), 0); /* the number is known by now */
    put(desk, "cur/4.d.host,R000077:2,S", "four");
    assert_int_equal(look(desk), 1);
    assert_true(is_there(desk, "cur/4.d.host,R000003:2,S"));
    assert_int_equal(number(desk->place.store, "SELECT count(*) FROM receipt"), 3);
}

static void what_is_no_mail_goes_to_problem(void **state) {
    struct desk *desk = *state;
    char large[1002], *link = mem_print("%s/new/2.link", desk->path), *fifo = mem_print("%s/new/3.fifo", desk->path);
    memset(large, 'x', 1001);
    large[1001] = 0;
    put(desk, "new/1.large", large);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    folder_make(desk, "new/4.folder");
    put(desk, "new/5.good", "good");
    assert_int_equal(look(desk), 1);
    assert_int_equal(number(desk->place.store, "SELECT count(*) FROM receipt"), 1);
    assert_true(is_there(desk, ".Problem/cur/1.large:2,"));
    assert_int_equal(count(desk, ".Problem/cur"), 4);
    assert_int_equal(count(desk, "new"), 0);
    put(desk, "new/1.large", large); /* another one of that name: nothing is written over */
    assert_int_equal(look(desk), 0);
    assert_true(is_there(desk, ".Problem/cur/1.large,1:2,"));
    desk->mailbox.problem_folder = (char[]){""};
    put(desk, "new/6.large", large);
    put(desk, "new/7.good", "good too");
    assert_int_equal(look(desk), 1);
    assert_true(is_there(desk, "new/6.large"));
    assert_int_equal(desk->look.left, 1);
    assert_string_equal(desk->look.trouble, "a mail is too large, or is no file, and stays where it is");
    assert_int_equal(desk->look.err, 0);
    look(desk);
    assert_int_equal(desk->look.left, 1); /* still told */
    free(link);
    free(fifo);
}

static void quarantined_mail_goes_to_problem(void **state) {
    struct desk *desk = *state;
    put(desk, "new/1.a", "one");
    put(desk, "new/2.b", "two");
    put(desk, "new/3.c", "three");
    assert_int_equal(look(desk), 3);
    assert_int_equal(desk->channel->tidy(desk->channel), 0);
    assert_int_equal(count(desk, ".Filed/cur"), 3);
    run(desk->place.store, "UPDATE part SET state = 'quarantined' WHERE receipt_id = 2");
    assert_int_equal(desk->channel->tidy(desk->channel), 0);
    assert_true(is_there(desk, ".Problem/cur/2.b,R000002:2,S"));
    assert_int_equal(count(desk, ".Filed/cur"), 2);
    /* An attachment of it, and after a restart. */
    run(desk->place.store, "INSERT INTO part(receipt_id, parent_id, ordinal, kind, sealed_name, content_hash, bytes, state)"
                           " VALUES(3, 3, 1, 'pdf', x'00', x'01', 20, 'quarantined')");
    channel_again(desk);
    assert_int_equal(desk->channel->tidy(desk->channel), 0);
    assert_true(is_there(desk, ".Problem/cur/3.c,R000003:2,S"));
    assert_int_equal(count(desk, ".Problem/cur"), 2);
    /* The same attachment in another mail: it is a copy of one in quarantine. */
    put(desk, "new/4.d", "four");
    assert_int_equal(look(desk), 1);
    run(desk->place.store, "INSERT INTO part(receipt_id, parent_id, ordinal, kind, sealed_name, content_hash, bytes, state, same_as)"
                           " SELECT 4, 4, 1, 'pdf', x'00', x'01', 20, 'duplicate', id FROM part WHERE content_hash = x'01'");
    assert_int_equal(desk->channel->tidy(desk->channel), 0);
    assert_true(is_there(desk, ".Problem/cur/4.d,R000004:2,S"));
    /* Another mailbox's receipt with such a number is none of ours. */
    run(desk->place.store, "UPDATE receipt SET profile = 'other' WHERE id = 1; UPDATE part SET state = 'quarantined'");
    assert_int_equal(desk->channel->tidy(desk->channel), 0);
    assert_true(is_there(desk, ".Filed/cur/1.a,R000001:2,S"));
}

static void a_folder_that_is_away(void **state) {
    struct desk *desk = *state;
    char *there = mem_print("%s/new", desk->path), *away = mem_print("%s/new.away", desk->path);
    rename(there, away);
    assert_int_equal(look(desk), 0);
    assert_int_equal(desk->look.err, ERR_NOT_FOUND);
    assert_int_equal(desk->look.store_err, 0);
    assert_string_equal(desk->look.trouble, "the mail folder is not there");
    rename(away, there);
    put(desk, "new/1.a", "one");
    assert_int_equal(look(desk), 1);
    assert_string_equal(desk->look.trouble, "");
    free(there);
    free(away);
}

static void a_store_that_refuses_keeps_the_mail(void **state) {
    struct desk *desk = *state;
    put(desk, "new/1.a", "one");
    put(desk, "new/2.b", "two");
    run(desk->place.store, "ALTER TABLE audit_leaf RENAME TO audit_gone");
    assert_int_equal(look(desk), 0);
    assert_int_equal(desk->look.err, ERR_DATABASE);
    assert_int_equal(desk->look.store_err, 1);
    assert_string_equal(desk->look.trouble, "taking in has stopped: the database reported an error; it goes on by itself when this clears");
    assert_int_equal(count(desk, "new"), 2);
    run(desk->place.store, "ALTER TABLE audit_gone RENAME TO audit_leaf");
    assert_int_equal(look(desk), 2);
}

static void a_mail_that_cannot_be_moved_is_received_once(void **state) {
    struct desk *desk = *state;
    put(desk, "new/1.a", "one");
    put(desk, ".Filed", "a file where the folder should be");
    assert_int_equal(look(desk), 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(look(desk), 0);
    assert_int_equal(desk->look.left, 1);
    assert_string_equal(desk->look.trouble, "mails cannot be moved out of the mailbox");
    assert_int_equal(number(desk->place.store, "SELECT count(*) FROM receipt"), 1);
    char *path = mem_print("%s/.Filed", desk->path);
    unlink(path);
    free(path);
    channel_again(desk);
    assert_int_equal(look(desk), 1); /* let go */
    assert_int_equal(number(desk->place.store, "SELECT count(*) FROM receipt"), 1);
    assert_int_equal(count(desk, ".Filed/cur"), 1);
}

static void settings_that_are_refused(void **state) {
    struct desk *desk = *state;
    struct channel *channel = NULL;
    struct mailbox wrong = desk->mailbox;
    wrong.filed_folder = (char[]){"../x"};
    assert_int_equal(maildir_channel(desk->place.store, &wrong, 1000, &channel), ERR_SETTING);
    wrong.filed_folder = (char[]){"Filed"};
    wrong.path = (char[]){""};
    assert_int_equal(maildir_channel(desk->place.store, &wrong, 1000, &channel), ERR_SETTING);
    assert_null(channel);
}

#define T(f) cmocka_unit_test_setup_teardown(f, desk_new, desk_drop)
int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_read_and_written), cmocka_unit_test(a_long_name_fits), T(mail_is_taken_and_moved),
                                       T(a_new_mail_wakes_the_watch), T(after_a_kill_it_is_known), T(without_a_filed_folder_it_stays),
                                       T(what_is_no_mail_goes_to_problem), T(quarantined_mail_goes_to_problem), T(a_folder_that_is_away),
                                       T(a_store_that_refuses_keeps_the_mail), T(a_mail_that_cannot_be_moved_is_received_once),
                                       T(settings_that_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
