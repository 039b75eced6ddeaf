#include "store/db.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define DB_STATEMENTS 512

struct db_statement {
    const char *sql;
    sqlite3_stmt *stmt;
    int busy; /* a query is being read from it */
};

struct db {
    sqlite3 *handle;
    int trouble; /* see db_trouble */
    struct db_statement kept[DB_STATEMENTS]; /* open addressing by the address of the text */
};

struct rows {
    struct db *db;
    sqlite3_stmt *stmt;
    struct db_statement *kept; /* NULL: prepared for this query only */
    int err;
};

/* SQLITE_FULL is a full disk or a database that may have no more pages; a quota, or no room for the shared index of the log, comes as an
 * error of the file, and only errno tells (sqlite3_system_errno does not, where a commit fails). */
static int code_no_space(int rc) {
    int code = rc & 0xff;
    return code == SQLITE_FULL || ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && (errno == ENOSPC || errno == EDQUOT));
}

/* Whether no write would work. What cannot be read, or is damaged, is one place of the file: other statements go on. */
static int code_is_trouble(int rc) {
    int code = rc & 0xff;
    return code == SQLITE_READONLY || (code == SQLITE_IOERR && rc != SQLITE_IOERR_READ && rc != SQLITE_IOERR_SHORT_READ &&
                                       rc != SQLITE_IOERR_CORRUPTFS && rc != SQLITE_IOERR_NOMEM);
}

/* The message of the library names tables, never values. */
static int db_failed(struct db *db, int rc, const char *doing) {
    int err = code_no_space(rc) ? ERR_NO_SPACE : (rc & 0xff) == SQLITE_CONSTRAINT ? ERR_EXISTS : ERR_DATABASE;
    int code = rc & 0xff, extended = db->handle ? sqlite3_extended_errcode(db->handle) : rc, before = db->trouble;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return db->trouble = ERR_BUSY;
    if (err == ERR_NO_SPACE || code_is_trouble((extended & 0xff) == code ? extended : rc))
        db->trouble = err;
    if (!before || before != db->trouble || err != before)
        log_error("database: %s: %s", doing, db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc));
    return err;
}

int db_trouble(const struct db *db) {
    return db->trouble;
}

void db_wait(struct db *db, int most_ms) {
    sqlite3_busy_timeout(db->handle, most_ms);
}

int db_script(struct db *db, const char *sql) {
    errno = 0;
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : db_failed(db, rc, "script");
}

int db_open(const char *path, struct db **ret) {
    struct db *db = mem_new(sizeof *db);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int rc = sqlite3_open_v2(path, &db->handle, flags, NULL);
    int err = rc == SQLITE_OK ? 0 : db_failed(db, rc, "open");
    if (!err) {
        sqlite3_busy_timeout(db->handle, DB_WAIT_MS);
        err = db_script(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                            "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;");
    }
    if (err) {
        db_close(&db);
        return err;
    }
    *ret = db;
    return 0;
}

void db_close(struct db **db) {
    if (!*db)
        return;
    for (size_t i = 0; i < DB_STATEMENTS; i++)
        sqlite3_finalize((*db)->kept[i].stmt);
    sqlite3_close((*db)->handle);
    mem_free(db);
}

int db_begin(struct db *db) {
    return db_run(db, "BEGIN IMMEDIATE", "");
}

int db_commit(struct db *db) {
    int err = db_run(db, "COMMIT", "");
    if (err)
        db_rollback(db);
    else
        db->trouble = 0;
    return err;
}

int db_savepoint(struct db *db) {
    return db_run(db, "SAVEPOINT step", "");
}

int db_release(struct db *db) {
    return db_run(db, "RELEASE step", "");
}

/* A full disk may have ended the transaction already: then there is no such step. */
int db_rollback_to(struct db *db) {
    if (sqlite3_get_autocommit(db->handle))
        return ERR_STATE;
    int err = db_run(db, "ROLLBACK TO step", "");
    return err ? err : db_release(db);
}

void db_rollback(struct db *db) {
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

int db_end(struct db *db, int err) {
    if (!err)
        return db_commit(db);
    db_rollback(db);
    return err;
}

/* The kept statement for a text, or a free place for it; NULL when the table is full. */
static struct db_statement *db_place(struct db *db, const char *sql) {
    size_t h = ((uintptr_t)sql >> 3) % DB_STATEMENTS;
    for (size_t n = 0; n < DB_STATEMENTS; n++, h = (h + 1) % DB_STATEMENTS)
        if (!db->kept[h].sql || db->kept[h].sql == sql)
            return &db->kept[h];
    return NULL;
}

static int rows_bind(sqlite3_stmt *stmt, const char *format, va_list ap) {
    int rc = SQLITE_OK;
    for (int i = 1; *format && rc == SQLITE_OK; format++, i++) {
        if (*format == 'i') {
            rc = sqlite3_bind_int64(stmt, i, va_arg(ap, int64_t));
        } else if (*format == 'f') {
            rc = sqlite3_bind_double(stmt, i, va_arg(ap, double));
        } else if (*format == 't') {
            rc = sqlite3_bind_text(stmt, i, va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
        } else {
            assert(*format == 'b');
            struct view v = va_arg(ap, struct view);
            rc = v.data ? sqlite3_bind_blob64(stmt, i, v.data, v.len, SQLITE_TRANSIENT) : sqlite3_bind_null(stmt, i);
        }
    }
    return rc;
}

static struct rows *db_query_v(struct db *db, const char *sql, const char *format, va_list ap) {
    struct rows *rows = mem_new(sizeof *rows);
    struct db_statement *place = db_place(db, sql);
    rows->db = db;
    int rc = SQLITE_OK;
    if (place && !place->busy) {
        if (!place->stmt)
            rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &place->stmt, NULL);
        if (rc == SQLITE_OK) {
            place->sql = sql;
            place->busy = 1;
            rows->kept = place;
            rows->stmt = place->stmt;
        }
    } else {
        rc = sqlite3_prepare_v2(db->handle, sql, -1, &rows->stmt, NULL);
    }
    if (rc == SQLITE_OK)
        rc = rows_bind(rows->stmt, format, ap);
    if (rc != SQLITE_OK)
        rows->err = db_failed(db, rc, "prepare");
    return rows;
}

struct rows *db_query(struct db *db, const char *sql, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    struct rows *rows = db_query_v(db, sql, format, ap);
    va_end(ap);
    return rows;
}

int rows_next(struct rows *rows) {
    if (rows->err)
        return rows->err;
    errno = 0;
    int rc = sqlite3_step(rows->stmt);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        rows->err = db_failed(rows->db, rc, "step");
    else if (rows->db->trouble && sqlite3_get_autocommit(rows->db->handle) && !sqlite3_stmt_readonly(rows->stmt))
        rows->db->trouble = 0; /* a statement that commits itself */
    return rows->err;
}

int64_t rows_int(struct rows *rows, int column) {
    return sqlite3_column_int64(rows->stmt, column);
}

double rows_real(struct rows *rows, int column) {
    return sqlite3_column_double(rows->stmt, column);
}

const char *rows_text(struct rows *rows, int column) {
    const unsigned char *text = sqlite3_column_text(rows->stmt, column);
    return text ? (const char *)text : "";
}

struct view rows_bytes(struct rows *rows, int column) {
    const void *data = sqlite3_column_blob(rows->stmt, column);
    return view_of(data, (size_t)sqlite3_column_bytes(rows->stmt, column));
}

int rows_null(struct rows *rows, int column) {
    return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

int rows_end(struct rows **rows) {
    struct rows *r = *rows;
    int err = r->err;
    if (r->kept) {
        sqlite3_reset(r->stmt);
        sqlite3_clear_bindings(r->stmt);
        r->kept->busy = 0;
    } else {
        sqlite3_finalize(r->stmt);
    }
    mem_free(rows);
    return err;
}

int db_run(struct db *db, const char *sql, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    struct rows *rows = db_query_v(db, sql, format, ap);
    va_end(ap);
    while (rows_next(rows) > 0)
        ;
    return rows_end(&rows);
}

int db_int(struct db *db, int64_t *ret, const char *sql, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    struct rows *rows = db_query_v(db, sql, format, ap);
    va_end(ap);
    int n = rows_next(rows);
    int64_t value = n > 0 ? rows_int(rows, 0) : 0;
    int err = rows_end(&rows);
    if (err || n == 0)
        return err ? err : ERR_NOT_FOUND;
    *ret = value;
    return 0;
}

int64_t db_last_id(struct db *db) {
    return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changed(struct db *db) {
    return sqlite3_changes64(db->handle);
}

int64_t db_version(struct db *db) {
    int64_t version = 0;
    db_int(db, &version, "PRAGMA data_version", "");
    return version;
}

int db_copy(struct db *db, const char *path) {
    sqlite3 *to = NULL;
    int before = db->trouble; /* the other file's trouble is none of ours */
    int rc = sqlite3_open(path, &to);
    sqlite3_backup *copy = rc == SQLITE_OK ? sqlite3_backup_init(to, "main", db->handle, "main") : NULL;
    /* A step that found the target busy is no error to finish(): only DONE says that the copy is whole. */
    int step = copy ? sqlite3_backup_step(copy, -1) : SQLITE_ERROR;
    if (copy)
        rc = sqlite3_backup_finish(copy);
    sqlite3_close(to);
    if (step == SQLITE_DONE && rc == SQLITE_OK)
        return 0;
    int err = db_failed(db, rc == SQLITE_OK ? step : rc, "back-up");
    db->trouble = before;
    return err;
}
