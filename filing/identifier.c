#include "filing/identifier.h"

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

bool identifier_nhs_is_valid(const char *digits) {
    int sum = 0;
    if (strlen(digits) != 10 || !all_digits(digits, 10) || strcmp(digits, "0000000000") == 0)
        return false;
    for (int i = 0; i < 9; i++)
        sum += (digits[i] - '0') * (10 - i);
    int check = 11 - sum % 11;
    return check != 10 && (check == 11 ? 0 : check) == digits[9] - '0';
}

static const char upn_letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ"; /* 23: no I, O, S */

bool identifier_upn_is_valid(const char *upn) {
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

/* What digit a letter looks like, or 0. */
static char digit_like(char c) {
    static const char letters[] = "OoQDlIi|!ZzSsGbBgq";
    static const char digits[] = "000011111225568899";
    const char *at = c ? strchr(letters, c) : NULL;
    return at ? digits[at - letters] : 0;
}

bool identifier_digits(const char *text, char out[IDENTIFIER_TEXT]) {
    size_t count = 0, sure = 0;
    for (; *text; text++) {
        if (*text == ' ' || *text == '.' || *text == '-')
            continue;
        char digit = is_digit(*text) ? *text : digit_like(*text);
        if (!digit || count + 1 >= IDENTIFIER_TEXT)
            return false;
        sure += is_digit(*text);
        out[count++] = digit;
    }
    out[count] = 0;
    return count > 0 && sure * 3 >= count * 2;
}

/* What letter a digit in the place of the check letter was, or 0. */
static char letter_like(char c) {
    static const char digits[] = "8062";
    static const char letters[] = "BDGZ";
    const char *at = c ? strchr(digits, c) : NULL;
    if (c >= 'a' && c <= 'z')
        return (char)(c - 32);
    if (c >= 'A' && c <= 'Z')
        return c;
    return at ? letters[at - digits] : 0;
}

bool identifier_upn(const char *text, char out[IDENTIFIER_TEXT]) {
    char rest[IDENTIFIER_TEXT];
    size_t len = strlen(text);
    if (len != 13 || !letter_like(text[0]))
        return false;
    char last = text[12];
    if (!identifier_digits(text + 1, rest) || strlen(rest) != 12) {
        char head[13] = {0};
        memcpy(head, text + 1, 11);
        if (!identifier_digits(head, rest) || strlen(rest) != 11 || !letter_like(last))
            return false;
        rest[11] = letter_like(last);
        rest[12] = 0;
    }
    out[0] = letter_like(text[0]);
    memcpy(out + 1, rest, 13);
    return true;
}

int identifier_differences(const char *a, const char *b) {
    int count = 0;
    if (strlen(a) != strlen(b))
        return 99;
    for (; *a; a++, b++)
        count += *a != *b;
    return count;
}
