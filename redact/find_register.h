/* find_register.h: the whole register by name and number, for people of other families. */
#ifndef REDACT_FIND_REGISTER_H
#define REDACT_FIND_REGISTER_H

#include "redact/find_vocabulary.h"
#include "store/people.h"

struct find_register;

/* Adds the register's forenames, surnames, streets and towns to the vocabulary. Borrows people. */
struct find_register *find_register_new(const struct people *people, struct vocabulary *vocabulary);
void find_register_drop(struct find_register **reg);
/* Both words are vocabulary entries. Borrowed; NULL when nobody has this name. */
const struct child *find_register_child(const struct find_register *reg, uint32_t forename, uint32_t surname);
const struct person *find_register_person(const struct find_register *reg, uint32_t forename,
                                          uint32_t surname);
/* By council id, NHS number or UPN: letters and digits only, capitals. */
const struct child *find_register_number(const struct find_register *reg, const char *number);
bool find_register_work_phone(const struct find_register *reg, const char *digits);
bool find_register_work_domain(const struct find_register *reg, const char *domain);

#endif
