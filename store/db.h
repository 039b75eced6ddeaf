/* db.h: the database, one small interface. The embedded driver is SQLite (WAL, synchronous=FULL).
 *
 * Arguments are given by a format of one letter each: i int64_t, f double, t const char * (NULL: null), b struct view
 * (data NULL: null). A connection belongs to one process and never crosses a fork. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/buf.h"

#include <stdint.h>

struct db;
struct rows; /* the result of a query, read row by row */

int db_open(const char *path, struct db **ret); /* makes it when it is not there; ERR_DATABASE */
void db_close(struct db **db);
int db_script(struct db *db, const char *sql); /* several statements, no arguments */

/* One writer at a time: begin waits up to 30 s for the others, then ERR_BUSY. Not nested. */
int db_begin(struct db *db);
int db_commit(struct db *db);
void db_rollback(struct db *db);
/* commit when err is 0, else rollback; returns the first error. */
int db_end(struct db *db, int err);
/* How long begin waits for the others, when not so long as that. */
#define DB_WAIT_MS 30000
void db_wait(struct db *db, int most_ms);

/* A step of the open transaction that can be taken back alone; one at a time. */
int db_savepoint(struct db *db);
int db_release(struct db *db);     /* keeps it */
int db_rollback_to(struct db *db); /* takes it back; an error: the whole transaction is gone or must be rolled back */

/* What is wrong with the store as a whole, and with no one statement: ERR_NO_SPACE, ERR_BUSY, ERR_DATABASE (read-only, writing fails); 0
 * as soon as a commit has worked again. It is logged when it begins, not each time. */
int db_trouble(const struct db *db);

/* Runs one statement. sql must be a literal (or live as long as the connection): prepared statements are kept by its
 * address. */
int db_run(struct db *db, const char *sql, const char *format, ...);
int64_t db_last_id(struct db *db); /* of the last inserted row */
int64_t db_changed(struct db *db); /* rows changed by the last statement */

/* A query. Never NULL; an error shows at rows_next. */
struct rows *db_query(struct db *db, const char *sql, const char *format, ...);
int rows_next(struct rows *rows); /* 1 a row, 0 the end, negative an error */
int64_t rows_int(struct rows *rows, int column);
double rows_real(struct rows *rows, int column);
const char *rows_text(struct rows *rows, int column); /* borrowed until the next row; "" for null */
struct view rows_bytes(struct rows *rows, int column); /* likewise */
int rows_null(struct rows *rows, int column);
/* Ends the query; returns its error, if any. Must be called once for each db_query. */
int rows_end(struct rows **rows);

/* The first column of the first row. ERR_NOT_FOUND when there is no row. */
int db_int(struct db *db, int64_t *ret, const char *sql, const char *format, ...);

/* Changes whenever another connection has committed. */
int64_t db_version(struct db *db);
/* For back-up: the database's own back-up interface. */
int db_copy(struct db *db, const char *path);

#endif
