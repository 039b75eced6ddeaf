#include "store/db.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define DB_STATEMENTS 512
#define DB_BUSY_MS 30000

struct db_statement {
    const char *sql;
    sqlite3_stmt *stmt;
    int busy; /* a query is being read from it */
};

struct db {
    sqlite3 *handle;
    struct db_statement kept[DB_STATEMENTS]; /* open addressing by the address of the text */
};

struct rows {
    struct db *db;
    sqlite3_stmt *stmt;
    struct db_statement *kept; /* NULL: prepared for this query only */
    int err;
};

/* The message of the library names tables, never values. */
static int db_failed(struct db *db, int rc, const char *doing) {
    int code = rc & 0xff;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return ERR_BUSY;
    log_error("database: %s: %s", doing, db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc));
    return code == SQLITE_FULL ? ERR_NO_SPACE : code == SQLITE_CONSTRAINT ? ERR_EXISTS : ERR_DATABASE;
}

int db_script(struct db *db, const char *sql) {
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : db_failed(db, rc, "script");
}

int db_open(const char *path, struct db **ret) {
    struct db *db = mem_new(sizeof *db);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int rc = sqlite3_open_v2(path, &db->handle, flags, NULL);
    int err = rc == SQLITE_OK ? 0 : db_failed(db, rc, "open");
    if (!err) {
        sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
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
    return db_script(db, "BEGIN IMMEDIATE");
}

int db_commit(struct db *db) {
    int err = db_script(db, "COMMIT");
    if (err)
        db_rollback(db);
    return err;
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
    int rc = sqlite3_step(rows->stmt);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        rows->err = db_failed(rows->db, rc, "step");
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
    int rc = sqlite3_open(path, &to);
    sqlite3_backup *copy = rc == SQLITE_OK ? sqlite3_backup_init(to, "main", db->handle, "main") : NULL;
    /* A step that found the target busy is no error to finish(): only DONE says that the copy is whole. */
    int step = copy ? sqlite3_backup_step(copy, -1) : SQLITE_ERROR;
    if (copy)
        rc = sqlite3_backup_finish(copy);
    sqlite3_close(to);
    if (step == SQLITE_DONE && rc == SQLITE_OK)
        return 0;
    return db_failed(db, rc == SQLITE_OK ? step : rc, "back-up");
}
