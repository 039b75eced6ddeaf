#include "filing/identifier.h"

#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
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
