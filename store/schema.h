#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#define SCHEMA_VERSION 5
/* schema_steps[n] takes a store from version n to n + 1. The first makes all tables that are not there. */
extern const char *const schema_steps[SCHEMA_VERSION];

#endif
