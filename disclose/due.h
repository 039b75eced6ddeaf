/* due.h: the clock of a request, rules CLK-1 and CLK-2 (UK GDPR Art 12(3), ICO guidance). */
#ifndef DISCLOSE_DUE_H
#define DISCLOSE_DUE_H

#include "config/rules.h"

/* The date by which to answer: months (1; 3 when extended) after start: the corresponding calendar date; if the month has none, its last
 * day; if that is a weekend or bank holiday (England and Wales), the next working day. DATE_NONE when it lies past the calendar's last
 * day (holidays_until). */
int32_t due_date(const struct rules *rules, int32_t start_day, int months);

#endif
