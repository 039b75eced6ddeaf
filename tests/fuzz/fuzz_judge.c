/* Any bytes as a redacted PDF, judged without recognition. */
#include "redact/judge.h"

/* fontconfig keeps its tables for the life of the process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    char *withheld[] = {(char[]){"Ottilie Marchbanks"}};
    struct judge_order order = {.pdfs = {view_of(data, len)}, .names = {(char[]){"file.pdf"}}, .file_count = 1, .withheld = withheld, .withheld_count = 1};
    struct findings findings;
    uint32_t pages;
    if (!judge_pdfs(&order, &findings, &pages))
        findings_drop(&findings);
    return 0;
}
