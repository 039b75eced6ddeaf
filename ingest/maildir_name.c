#include "ingest/maildir.h"

#include "base/buf.h"
#include "base/mem.h"
#include "ingest/receive.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Where ",R000123" begins at the end of the text, or its length. */
static size_t receipt_place(const char *text, size_t len, int64_t *ret_receipt) {
    size_t at = len;
    while (at > 0 && isdigit((unsigned char)text[at - 1]))
        at--;
    if (len - at < 6 || len - at > 18 || at < 2 || text[at - 1] != 'R' || text[at - 2] != ',')
        return len;
    char *digits = mem_text_part(text + at, len - at);
    int err = receipt_number(digits, ret_receipt);
    free(digits);
    return err ? len : at - 2;
}

void maildir_name_flag(struct maildir_name *name, char flag) {
    size_t len = strlen(name->flags), at = 0;
    while (at < len && name->flags[at] < flag)
        at++;
    if (!isupper((unsigned char)flag) || name->flags[at] == flag || len + 1 >= sizeof name->flags)
        return;
    memmove(name->flags + at + 1, name->flags + at, len - at + 1);
    name->flags[at] = flag;
}

struct maildir_name maildir_name_read(const char *name) {
    struct maildir_name read = {0};
    const char *colon = strrchr(name, ':');
    size_t len = colon ? (size_t)(colon - name) : strlen(name);
    if (colon && strncmp(colon, ":2,", 3) == 0)
        for (const char *flag = colon + 3; *flag; flag++)
            maildir_name_flag(&read, *flag);
    len = receipt_place(name, len, &read.receipt);
    /* The longest file name is 255 bytes: room for the number and the flags. Read back, it is the same again.
     */
    read.unique = mem_text_part(name, len < MAILDIR_UNIQUE_MOST ? len : MAILDIR_UNIQUE_MOST);
    return read;
}

void maildir_name_drop(struct maildir_name *name) {
    mem_free(&name->unique);
}

bool maildir_name_has(const struct maildir_name *name, char flag) {
    return strchr(name->flags, flag) != NULL;
}

char *maildir_name_write(const struct maildir_name *name) {
    char number[RECEIPT_TEXT];
    if (!name->receipt)
        return mem_print("%s:2,%s", name->unique, name->flags);
    receipt_text(name->receipt, number);
    return mem_print("%s,%s:2,%s", name->unique, number, name->flags);
}
