/* people_text.h: the texts of struct people, private to store/. A register of 200,000 children has millions
 * of empty fields: they all point to one empty text, which people_drop knows. */
#ifndef STORE_PEOPLE_TEXT_H
#define STORE_PEOPLE_TEXT_H

char *people_text(const char *text); /* a copy, or the shared empty text */
void people_text_drop(char *text);

#endif
