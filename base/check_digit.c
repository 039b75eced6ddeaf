#include "base/check_digit.h"

#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool all_digits(const char *text, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!is_digit(text[i]))
            return false;
    return true;
}

bool nhs_number_is_valid(const char *digits) {
    int sum = 0;
    if (strlen(digits) != 10 || !all_digits(digits, 10) || strcmp(digits, "0000000000") == 0)
        return false;
    for (int i = 0; i < 9; i++)
        sum += (digits[i] - '0') * (10 - i);
    int check = 11 - sum % 11;
    return check != 10 && (check == 11 ? 0 : check) == digits[9] - '0';
}

static const char upn_letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ"; /* 23: no I, O, S */

bool upn_is_valid(const char *upn) {
    size_t sum = 0;
    if (strlen(upn) != 13 || !all_digits(upn + 1, 11))
        return false;
    for (size_t i = 1; i < 12; i++)
        sum += (size_t)(upn[i] - '0') * (i + 1);
    const char *last = is_digit(upn[12]) ? NULL : strchr(upn_letters, upn[12]);
    if (!is_digit(upn[12]) && (!last || !*last))
        return false;
    sum += (is_digit(upn[12]) ? (size_t)(upn[12] - '0') : (size_t)(last - upn_letters)) * 13;
    return upn[0] == upn_letters[sum % 23];
}
