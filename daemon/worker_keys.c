#include "daemon/worker_keys.h"

#include "base/err.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zmq.h>

static int key_line(const char *text, const char *name, uint8_t out[32]) {
    char z85[41];
    const char *at = strstr(text, name);
    if (!at || sscanf(at + strlen(name), " %40s", z85) != 1 || strlen(z85) != 40)
        return ERR_INPUT;
    return zmq_z85_decode(out, z85) ? 0 : ERR_INPUT;
}

int worker_keys_read(const char *path, struct link_keys *ret) {
    struct buf bytes = {0};
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & 077))
        return ERR_KEY; /* others can read it */
    int err = file_read(path, 4096, &bytes);
    const char *text = buf_text(&bytes);
    if (!err)
        err = key_line(text, "server-public", ret->server_public);
    if (!err)
        err = key_line(text, "\npublic", ret->own_public);
    if (!err)
        err = key_line(text, "\nsecret", ret->own_secret);
    buf_wipe(&bytes);
    return err;
}
