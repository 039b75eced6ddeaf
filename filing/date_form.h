/* date_form.h: dates as people in Britain write them. */
#ifndef FILING_DATE_FORM_H
#define FILING_DATE_FORM_H

#include <stddef.h>
#include <stdint.h>

/* Reads a date that begins at pieces[0] (a row of words of which the first may be the whole date):
 * 12/03/2011, 12.3.11, 12-Mar-2011, 2011-03-12, "12 March 2011", "12th Mar 11", "March 12th 2011". Day before
 * month always. Digits may be letters that look like them; months may have one letter wrong. Two-digit years:
 * up to 30 are 20xx, the rest 19xx. Returns how many pieces it takes, 0 when there is no date; *ret_day is a
 * day number (base/clock.h). */
size_t date_form_read(const char *const *pieces, size_t count, int32_t *ret_day);

/* Whether the one may be a slip of the pen or of recognition for the other: one of day, month and year
 * differs, or day and month are swapped, or two digits are. False for equal dates. */
int date_form_is_near(int32_t a, int32_t b);

#endif
