#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#define SCHEMA_VERSION 1
/* Makes all tables that are not there. */
extern const char *const schema_sql;

#endif
