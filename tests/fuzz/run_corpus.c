/* run_corpus.c: feeds every file of the folders that are named to a fuzz harness, once: the corpus as a test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    uint8_t *data = malloc(1 << 24);
    size_t size = fread(data, 1, 1 << 24, file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1); /* so that a sanitizer sees one byte too many */
    memcpy(exact, data, size);
    free(data);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

int main(int argc, char **argv) {
    int count = run_file("/dev/null"); /* nothing at all is an input too */
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        for (struct dirent *e; folder && (e = readdir(folder));) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            if (e->d_name[0] != '.')
                count += run_file(path);
        }
        if (folder)
            closedir(folder);
    }
    printf("%d inputs\n", count);
    return count > 1 ? 0 : 1; /* a harness without a corpus is a mistake */
}
