/* check_digit.h: the check digits of the numbers that a child is known by. */
#ifndef BASE_CHECK_DIGIT_H
#define BASE_CHECK_DIGIT_H

#include <stdbool.h>

/* 10 digits with weights 10 to 2 modulo 11 (NHS Data Dictionary, "NHS NUMBER"); 0000000000 is none. */
bool nhs_number_is_valid(const char *digits);
/* 13 signs: check letter, 11 digits, a digit or (temporary) a letter; weights 2 to 13 modulo 23 over the
 * alphabet without I, O and S (DfE, "Unique pupil numbers"). */
bool upn_is_valid(const char *upn);

#endif
