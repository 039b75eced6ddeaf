/* alias_find.h: what a document calls a child that the register does not: "Dolly Quillfeather" for Theodora. Proposed as another name when a
 * person files the document to the child. */
#ifndef FILING_ALIAS_FIND_H
#define FILING_ALIAS_FIND_H

#include "store/filing_result.h"
#include "store/people.h"

/* The forename before the child's surname that stands most often (twice at least), when it is nobody's who is linked to the child or of its
 * family, and no adult's title stands before. NULL: none. You free it. */
char *alias_find(const struct people *people, const struct child *child, const struct document_words *words);

#endif
