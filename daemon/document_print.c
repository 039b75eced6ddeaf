#include "daemon/document_print.h"

#include "base/clock.h"
#include "daemon/program.h"
#include "filing/facts_rows.h"

#include <stdio.h>
#include <stdlib.h>

int document_printer_open(const struct command_context *context, struct document_printer *ret) {
    *ret = (struct document_printer){0};
    int status = command_rules(context, &ret->rules);
    if (status)
        return status;
    char *folder = program_rules_folder(context->settings);
    int err = kinds_load(folder, &ret->kinds);
    free(folder);
    return err ? command_failed("kinds.conf", err) : EXIT_OK;
}

void document_printer_close(struct document_printer *printer) {
    rules_drop(&printer->rules);
    kinds_drop(&printer->kinds);
}

void document_facts_print(const struct document_printer *printer, struct store *store, int64_t document_id, const char *indent) {
    struct facts_row facts;
    char event[DATE_TEXT], recorded[DATE_TEXT];
    if (facts_load(store, document_id, &facts) || (!facts.kind[0] && facts.event == DATE_NONE))
        return;
    const struct kind *kind = kinds_find(printer->kinds, facts.kind);
    int32_t late = kind_late_days(printer->rules, kind, facts.event, facts_recorded(&facts));
    date_text(facts.event, event);
    date_text(facts_recorded(&facts), recorded);
    printf("%s%s%s%s", indent, kind ? kind->name : facts.kind[0] ? facts.kind : "document", *event ? " of " : "", event);
    if (kind && kind->historical)
        printf(" (a form no longer in use)");
    if (late)
        printf(", recorded %s   LATE ENTRY (%d %sdays)", recorded, late, kind->late_working_days ? "working " : "");
    putchar('\n');
}
