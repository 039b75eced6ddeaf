/* mail_chains.h: mails whose whole text stands in a later mail of the same request, which quotes them. */
#ifndef DISCLOSE_MAIL_CHAINS_H
#define DISCLOSE_MAIL_CHAINS_H

#include "disclose/request.h"

struct mail_chain {
    int64_t part, whole; /* documents: the mail, and the longest one that quotes all of it */
};
struct mail_chains {
    struct mail_chain *list;
    size_t count;
};
/* Compares runs of five words of all chosen mails (struct part kind "mail"). Of the quoted mail every run has to stand in the other, but for those of its
 * first lines (from, to, subject, sent), which a quotation writes in another way. ret is zeroed first; you drop it. */
int mail_chains_find(struct store *store, const struct request *request, struct mail_chains *ret);
void mail_chains_drop(struct mail_chains *chains);

#endif
