/* page_rows.h: pages and documents in the database. Words are sealed under the key of the page's picture. */
#ifndef STORE_PAGE_ROWS_H
#define STORE_PAGE_ROWS_H

#include "store/filing_result.h"
#include "store/page.h"
#include "store/store.h"

/* A page's row without its words. */
struct page_row {
    int64_t id, part_id, picture_id, document_id; /* picture_id, document_id: 0 when there is none */
    uint32_t number;
    float width_pt, height_pt, skew_deg;
    enum page_role role;
    enum picture_format format;
    float dpi;
    uint16_t picture_turn, turn; /* as stored to as shown; as shown to upright */
    int read;                    /* 0 while it waits for its words */
};

const char *page_role_text(enum page_role role); /* "page", "blank", "separator" */
int page_row_load(struct store *store, int64_t page_id, struct page_row *ret);
/* The pages of a document, in order; you free *ret. */
int page_rows_of_document(struct store *store, int64_t document_id, struct page_row **ret, size_t *ret_count);

int page_words_save(struct store *store, const struct page_row *page, const struct words *words);
int page_words_load(struct store *store, int64_t page_id, struct words *ret); /* no words: an empty list */
int document_words_load(struct store *store, int64_t document_id, struct document_words *ret);
/* The words of a hidden text layer that was not believed, kept until the page is read. */
int page_claimed_save(struct store *store, const struct page_row *page, const struct words *claimed);
int page_claimed_load(struct store *store, int64_t page_id, struct words *ret); /* none: an empty list */
/* Where no words tell of what is on the page. Boxes only: nothing that a page says. */
int page_regions_save(struct store *store, int64_t page_id, const struct regions *regions);
int page_regions_load(struct store *store, int64_t page_id, struct regions *ret);

/* Text sealed for a part (its name) under its original's column key. */
int part_name_load(struct store *store, int64_t part_id, char **ret); /* you free it */
/* Adds to what a person should know of a part, once, in plain words; past 2,000 characters nothing more. */
int part_note(struct store *store, int64_t part_id, const char *note);

#endif
