#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "ingest/scan_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What people read: the thing, why it was not taken in, what to do. */
static const struct {
    const char *thing, *why, *what_to_do;
} words[] = {
    [SCAN_WHY_LINK] = {"a link to another place",
                       "A link holds no pages itself, and what it points to may be anywhere: links are never followed.",
                       "Copy the file that it points to into the scan folder, if that is a scan. Then remove this link."},
    [SCAN_WHY_PIPE] = {"a pipe between two programs", "A pipe holds no pages, and reading it could wait for ever.",
                       "Ask those who look after the scanner why it is here. Then remove it."},
    [SCAN_WHY_DEVICE] = {"a device", "A device holds no pages.", "Ask those who look after this machine why it is here. Then remove it."},
    [SCAN_WHY_SOCKET] = {"a socket of a program", "A socket holds no pages.",
                         "Ask those who look after this machine why it is here. Then remove it."},
    [SCAN_WHY_TOO_LARGE] = {"a file that is larger than the limit",
                            "Files larger than the limit (setting intake.file_megabytes) are not taken in.",
                            "Scan it again in smaller batches or with a lower resolution, or have the limit raised and move it back"
                            " into the scan folder."},
    [SCAN_WHY_UNREADABLE] = {"a file that cannot be read", "The disk or the file server reported an error each time it was read.",
                             "Have the disk looked at, and scan the paper again. When it can be read again, move it back into the scan"
                             " folder."},
};

static mode_t notice_mode(int folder_fd) {
    struct stat st;
    return fstat(folder_fd, &st) == 0 ? st.st_mode & 0666 : 0600; /* whoever may look into the folder may read it */
}

int scan_notice_write(const struct scan_places *at, const char *name, const char *text) {
    if (at->failed < 0)
        return ERR_SYSTEM;
    char *passing = mem_print(".new %s", name);
    unlinkat(at->failed, passing, 0);
    int fd = openat(at->failed, passing, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int err = fd < 0 ? err_from_errno(errno) : file_write_all(fd, text, strlen(text));
    if (!err && (fchmod(fd, notice_mode(at->failed)) || fsync(fd)))
        err = err_from_errno(errno);
    if (fd >= 0)
        close(fd);
    if (!err && renameat(at->failed, passing, at->failed, name))
        err = err_from_errno(errno);
    if (err)
        unlinkat(at->failed, passing, 0);
    free(passing);
    return err;
}

int scan_notice_is(const struct scan_places *at, const char *name) {
    char head[sizeof SCAN_NOTICE_HEAD] = "";
    int fd = openat(at->failed, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, head, sizeof head - 1);
    close(fd);
    return n == (ssize_t)sizeof head - 1 && strcmp(head, SCAN_NOTICE_HEAD) == 0;
}

static char *item_notice(const struct scan_item *item, enum scan_why why) {
    char *shown = text_printable(view_text(item->path));
    char *text = mem_print(SCAN_NOTICE_HEAD "this was not taken in.\n\n"
                           "What it is:   %s\n"
                           "Its name:     %s\n"
                           "Why not:      %s\n"
                           "What to do:   %s\n\n"
                           "Nothing of it is in the store, and it has no receipt. Until somebody has seen to it, it stays here.\n",
                           words[why].thing, shown, words[why].why, words[why].what_to_do);
    free(shown);
    return text;
}

void scan_item_fail(struct scan_look *look, struct scan_item *item, enum scan_why why) {
    char *wanted = scan_name_in_failed(item->path), *name = NULL;
    struct scan_move move = {item->folder_fd, look->at.failed, item->name, wanted, 1};
    int err = look->at.failed < 0 ? ERR_SYSTEM : scan_move(&move, &name);
    free(wanted);
    if (err) {
        look->stuck_failed++;
        look->ret->left++;
        if (!item->seen->told)
            log_warn("scan folder %s: an item that is not taken in stays, it cannot be moved to failed/: it is %s",
                     look->folder->channel.name, words[why].thing);
        item->seen->told = 1;
        return;
    }
    log_warn("scan folder %s: an item was not taken in and is now in failed/: it is %s", look->folder->channel.name,
             words[why].thing);
    char *notice = mem_print("%s.txt", name), *text = item_notice(item, why);
    err = scan_notice_write(&look->at, notice, text);
    if (err)
        log_error("scan folder %s: a notice in failed/ could not be written: %s", look->folder->channel.name, err_text(err));
    free(text);
    free(notice);
    free(name);
}
