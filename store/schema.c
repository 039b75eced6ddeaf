/* schema.c: the tables. Columns named sealed_* hold what a page says or who somebody is: see seal.h. */
#include "store/schema.h"

/* Version 1. Later versions are steps that are taken once, in order: a store made by an older casefile is brought up to this one. */
static const char version_1[] =
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL);"
    /* Keys: of the intake, the register, a child, a request; wrapped by the master key. Destroying one = wrapped NULL. */
    "CREATE TABLE IF NOT EXISTS seal_key(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, owner INTEGER NOT NULL,"
    " wrapped BLOB, made_at INTEGER NOT NULL, destroyed_at INTEGER, UNIQUE(kind, owner));"
    /* Sealed files in the vault; each has a key of its own, wrapped once for each owner. */
    "CREATE TABLE IF NOT EXISTS object(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL UNIQUE,"
    " bytes INTEGER NOT NULL, made_at INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS object_key(object_id INTEGER NOT NULL REFERENCES object(id),"
    " seal_key_id INTEGER NOT NULL REFERENCES seal_key(id), wrapped BLOB NOT NULL,"
    " PRIMARY KEY(object_id, seal_key_id)) WITHOUT ROWID;"
    /* What was received, and the things found in it (the first part of a receipt is the thing itself). */
    "CREATE TABLE IF NOT EXISTS receipt(id INTEGER PRIMARY KEY, channel TEXT NOT NULL, received_at INTEGER NOT NULL,"
    " received_by TEXT NOT NULL, source BLOB UNIQUE);"
    "CREATE TABLE IF NOT EXISTS part(id INTEGER PRIMARY KEY, receipt_id INTEGER NOT NULL REFERENCES receipt(id),"
    " parent_id INTEGER REFERENCES part(id), ordinal INTEGER NOT NULL, kind TEXT NOT NULL, sealed_name BLOB NOT NULL,"
    " content_hash BLOB NOT NULL, bytes INTEGER NOT NULL, object_id INTEGER REFERENCES object(id), state TEXT NOT NULL,"
    " page_count INTEGER, reason TEXT NOT NULL DEFAULT '', same_as INTEGER REFERENCES part(id));"
    "CREATE UNIQUE INDEX IF NOT EXISTS part_place ON part(receipt_id, ifnull(parent_id, 0), ordinal);"
    "CREATE INDEX IF NOT EXISTS part_hash ON part(content_hash);"
    "CREATE TABLE IF NOT EXISTS document(id INTEGER PRIMARY KEY, part_id INTEGER NOT NULL REFERENCES part(id),"
    " ordinal INTEGER NOT NULL, first_page INTEGER NOT NULL, last_page INTEGER NOT NULL, state TEXT NOT NULL,"
    " UNIQUE(part_id, ordinal));"
    "CREATE TABLE IF NOT EXISTS page(id INTEGER PRIMARY KEY, part_id INTEGER NOT NULL REFERENCES part(id),"
    " number INTEGER NOT NULL, width_pt REAL NOT NULL, height_pt REAL NOT NULL, role TEXT NOT NULL, state TEXT NOT NULL,"
    " picture_id INTEGER REFERENCES object(id), picture_format INTEGER NOT NULL, picture_dpi REAL NOT NULL,"
    " picture_turn INTEGER NOT NULL, source INTEGER NOT NULL, turn INTEGER NOT NULL DEFAULT 0,"
    " skew REAL NOT NULL DEFAULT 0, quality INTEGER NOT NULL DEFAULT 0, sealed_words BLOB, trouble TEXT NOT NULL DEFAULT '',"
    " payload TEXT NOT NULL DEFAULT '', document_id INTEGER REFERENCES document(id), UNIQUE(part_id, number));"
    "CREATE INDEX IF NOT EXISTS page_document ON page(document_id);"
    "CREATE INDEX IF NOT EXISTS document_state ON document(state);"
    /* Decisions are never overwritten: a new row supersedes. */
    "CREATE TABLE IF NOT EXISTS filing(id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES document(id),"
    " outcome TEXT NOT NULL, made_at INTEGER NOT NULL, made_by TEXT NOT NULL, sealed_detail BLOB,"
    " superseded_by INTEGER REFERENCES filing(id));"
    "CREATE INDEX IF NOT EXISTS filing_document ON filing(document_id);"
    "CREATE TABLE IF NOT EXISTS filing_child(filing_id INTEGER NOT NULL REFERENCES filing(id), child_id INTEGER NOT NULL,"
    " ordinal INTEGER NOT NULL, chosen INTEGER NOT NULL, probability REAL NOT NULL, PRIMARY KEY(filing_id, child_id))"
    " WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS filing_child_child ON filing_child(child_id);"
    "CREATE TABLE IF NOT EXISTS flag(id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES document(id),"
    " child_id INTEGER NOT NULL, page_id INTEGER NOT NULL REFERENCES page(id), type TEXT NOT NULL, role TEXT NOT NULL,"
    " code TEXT NOT NULL, cover INTEGER NOT NULL, finder TEXT NOT NULL, sealed BLOB NOT NULL,"
    " withdrawn INTEGER NOT NULL DEFAULT 0,"
    /* An officer's own flag counts in the request that it was made for, and in no other. */
    " request_id INTEGER REFERENCES request(id));"
    "CREATE INDEX IF NOT EXISTS flag_document ON flag(document_id, child_id);"
    /* The register: who a child is stands in the sealed column only. */
    "CREATE TABLE IF NOT EXISTS child(id INTEGER PRIMARY KEY, token BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS person(id INTEGER PRIMARY KEY, child_id INTEGER NOT NULL REFERENCES child(id),"
    " sealed BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS person_child ON person(child_id);"
    /* Work. */
    "CREATE TABLE IF NOT EXISTS job(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject INTEGER NOT NULL,"
    " state TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, priority INTEGER NOT NULL DEFAULT 0,"
    " made_at INTEGER NOT NULL, lent_at INTEGER, lent_to TEXT, ended_at INTEGER, reason TEXT NOT NULL DEFAULT '',"
    " UNIQUE(kind, subject));"
    "CREATE INDEX IF NOT EXISTS job_waiting ON job(kind, priority DESC, id) WHERE state = 'waiting';"
    "CREATE INDEX IF NOT EXISTS job_lent ON job(lent_to) WHERE state = 'lent';"
    "CREATE INDEX IF NOT EXISTS job_kind_state ON job(kind, state);"
    "CREATE TABLE IF NOT EXISTS worker(name TEXT PRIMARY KEY, kinds TEXT NOT NULL, pid INTEGER NOT NULL,"
    " since INTEGER NOT NULL, seen_at INTEGER NOT NULL, doing TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS remote_worker(name TEXT PRIMARY KEY, public_key BLOB NOT NULL, added_at INTEGER NOT NULL);"
    /* Disclosure. */
    "CREATE TABLE IF NOT EXISTS request(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, child_id INTEGER NOT NULL,"
    " requester_kind TEXT NOT NULL, sealed_requester BLOB NOT NULL, state TEXT NOT NULL, opened_at INTEGER NOT NULL,"
    " opened_by TEXT NOT NULL, approved_by TEXT, approved_at INTEGER);"
    "CREATE TABLE IF NOT EXISTS request_event(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id),"
    " day INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS request_document(request_id INTEGER NOT NULL REFERENCES request(id),"
    " document_id INTEGER NOT NULL REFERENCES document(id), ordinal INTEGER NOT NULL, included INTEGER NOT NULL,"
    " reason TEXT NOT NULL, PRIMARY KEY(request_id, document_id)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS decision(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id),"
    " flag_id INTEGER NOT NULL REFERENCES flag(id), cover INTEGER NOT NULL, code TEXT NOT NULL, who TEXT NOT NULL,"
    " at INTEGER NOT NULL, note TEXT NOT NULL, superseded_by INTEGER REFERENCES decision(id));"
    "CREATE INDEX IF NOT EXISTS decision_flag ON decision(request_id, flag_id);"
    "CREATE TABLE IF NOT EXISTS pack(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id),"
    " version INTEGER NOT NULL, state TEXT NOT NULL, object_id INTEGER REFERENCES object(id), content_hash TEXT NOT NULL DEFAULT '',"
    " front_pages INTEGER NOT NULL DEFAULT 0, page_count INTEGER NOT NULL DEFAULT 0, made_at INTEGER NOT NULL,"
    " made_by TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', UNIQUE(request_id, version));"
    "CREATE TABLE IF NOT EXISTS pack_page(id INTEGER PRIMARY KEY, pack_id INTEGER NOT NULL REFERENCES pack(id),"
    " ordinal INTEGER NOT NULL, page_id INTEGER NOT NULL REFERENCES page(id), object_id INTEGER REFERENCES object(id),"
    " UNIQUE(pack_id, ordinal));"
    "CREATE TABLE IF NOT EXISTS proof(id INTEGER PRIMARY KEY, pack_id INTEGER NOT NULL REFERENCES pack(id),"
    " first_page INTEGER NOT NULL, last_page INTEGER NOT NULL, state TEXT NOT NULL, finding_count INTEGER NOT NULL DEFAULT 0,"
    " sealed_findings BLOB, UNIQUE(pack_id, first_page));"
    "CREATE TABLE IF NOT EXISTS disclosure(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id),"
    " pack_id INTEGER NOT NULL REFERENCES pack(id), released_at INTEGER NOT NULL, released_by TEXT NOT NULL,"
    " approved_by TEXT NOT NULL, how TEXT NOT NULL, sealed_recipient BLOB NOT NULL, content_hash TEXT NOT NULL,"
    " basis TEXT NOT NULL, leaf INTEGER NOT NULL);"
    /* The audit log. */
    "CREATE TABLE IF NOT EXISTS audit_leaf(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL,"
    " action TEXT NOT NULL, what TEXT NOT NULL, place TEXT NOT NULL, why TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS audit_tree(id INTEGER PRIMARY KEY CHECK(id = 1), size INTEGER NOT NULL, frontier BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS audit_head(size INTEGER PRIMARY KEY, root BLOB NOT NULL, at INTEGER NOT NULL,"
    " signature BLOB NOT NULL);"
    "INSERT OR IGNORE INTO audit_tree(id, size, frontier) VALUES(1, 0, x'');"
    "INSERT OR IGNORE INTO meta(name, value) VALUES('schema', '1'), ('register', '0');";

/* Version 2: channels and profiles, batches, what a person says of a part, near-duplicates, the re-scan list. */
static const char version_2[] =
    /* What the channel knows of the item: its profile, the child and the kind of document that were said, how urgent it is,
     * and the resolution of pictures that say none. */
    "ALTER TABLE receipt ADD COLUMN profile TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE receipt ADD COLUMN scanner TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE receipt ADD COLUMN child_id INTEGER REFERENCES child(id);"
    "ALTER TABLE receipt ADD COLUMN kind TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE receipt ADD COLUMN priority INTEGER NOT NULL DEFAULT 10;"
    "ALTER TABLE receipt ADD COLUMN dpi INTEGER NOT NULL DEFAULT 0;"
    /* How much came out of it so far: an archive in an archive must end, and counting anew for each part would not. */
    "ALTER TABLE receipt ADD COLUMN part_count INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE receipt ADD COLUMN part_bytes INTEGER NOT NULL DEFAULT 0;"
    "UPDATE receipt SET part_count = (SELECT count(*) FROM part p WHERE p.receipt_id = receipt.id),"
    " part_bytes = (SELECT ifnull(sum(bytes), 0) FROM part p WHERE p.receipt_id = receipt.id);"
    "CREATE INDEX receipt_profile ON receipt(profile);"
    /* attached: '' (received itself), attachment, inline, embedded, member, mail, rendition. scanned for malware: '' (not yet), clean,
     * not scanned, malware. how: '' or 'picture' (a person said: open it as pictures). notes: what opening found, plain words with ';'
     * between. given_to: the person who looks after it in quarantine. */
    "ALTER TABLE part ADD COLUMN attached TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE part ADD COLUMN scanned TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE part ADD COLUMN how TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE part ADD COLUMN notes TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE part ADD COLUMN given_to TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE part ADD COLUMN sealed_password BLOB;"
    "ALTER TABLE part ADD COLUMN batch_id INTEGER REFERENCES batch(id);"
    "CREATE INDEX part_state ON part(state);"
    "CREATE INDEX part_parent ON part(parent_id, ordinal);"
    "CREATE INDEX part_batch ON part(batch_id) WHERE batch_id IS NOT NULL;"
    /* A page that made the helper end or hang: tried again once, then left out and listed. */
    "CREATE TABLE page_trouble(part_id INTEGER NOT NULL REFERENCES part(id), number INTEGER NOT NULL, failures INTEGER NOT NULL,"
    " reason TEXT NOT NULL, PRIMARY KEY(part_id, number)) WITHOUT ROWID;"
    /* place: its order within its document (the back of a sheet that was scanned in a second pass comes after its front). defect: why the
     * sheet should be scanned again, or ''. rescan: '' (nobody has said), done, fine. picture_hash: see ocr/picture_hash.h. */
    "ALTER TABLE page ADD COLUMN place INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE page ADD COLUMN defect TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE page ADD COLUMN rescan TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE page ADD COLUMN picture_hash INTEGER;"
    /* What the code of a child's cover sheet says, sealed: it names the child. Other sheets' codes stand in payload. */
    "ALTER TABLE page ADD COLUMN sealed_payload BLOB;"
    "UPDATE page SET place = number;"
    /* What a cover sheet says. */
    "ALTER TABLE document ADD COLUMN child_id INTEGER REFERENCES child(id);"
    "ALTER TABLE document ADD COLUMN kind TEXT NOT NULL DEFAULT '';"
    /* A batch of sheets, made when its header sheet is printed. sheets and separators: as expected, NULL: not said. duplex: simplex,
     * duplex, two-pass. state: printed, waiting (for its second pass), asks, complete. */
    "CREATE TABLE batch(id INTEGER PRIMARY KEY, operator TEXT NOT NULL, scanner TEXT NOT NULL, box TEXT NOT NULL, sheets INTEGER,"
    " separators INTEGER, duplex TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', made_at INTEGER NOT NULL,"
    " made_by TEXT NOT NULL);"
    /* The same paper scanned twice, the same mail in three mailboxes: proposed, and decided by a person. state: proposed, same, different. */
    "CREATE TABLE sketch(document_id INTEGER NOT NULL REFERENCES document(id), band INTEGER NOT NULL, value INTEGER NOT NULL,"
    " PRIMARY KEY(document_id, band)) WITHOUT ROWID;"
    "CREATE INDEX sketch_value ON sketch(band, value);"
    "CREATE TABLE near_duplicate(id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES document(id),"
    " other_id INTEGER NOT NULL REFERENCES document(id), likeness REAL NOT NULL, basis TEXT NOT NULL, state TEXT NOT NULL,"
    " made_at INTEGER NOT NULL, decided_by TEXT NOT NULL DEFAULT '', decided_at INTEGER, UNIQUE(document_id, other_id));"
    /* What each channel last said of itself, for status. waiting: items that are not settled yet; left: items that it leaves alone. */
    "CREATE TABLE channel(name TEXT PRIMARY KEY, kind TEXT NOT NULL, seen_at INTEGER NOT NULL, last_item_at INTEGER, waiting INTEGER NOT NULL,"
    " left_alone INTEGER NOT NULL, trouble TEXT NOT NULL);"
    "UPDATE meta SET value = '2' WHERE name = 'schema';";

/* Version 3: what reading found out about a page. */
static const char version_3[] =
    /* language: as Tesseract names it, '' where nothing was recognised. regions: boxes and kinds, see store/page.h. sealed_claimed: a hidden
     * text layer that was not believed, until it was compared with what is seen. */
    "ALTER TABLE page ADD COLUMN language TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE page ADD COLUMN regions BLOB;"
    "ALTER TABLE page ADD COLUMN sealed_claimed BLOB;"
    "UPDATE meta SET value = '3' WHERE name = 'schema';";

/* Version 4: the register's history, and what people say of filings. */
static const char version_4[] =
    /* left_at: since when the child is in no extract any more. child_history: what its row said until then. */
    "ALTER TABLE child ADD COLUMN left_at INTEGER;"
    "CREATE TABLE child_history(id INTEGER PRIMARY KEY, child_id INTEGER NOT NULL REFERENCES child(id), until INTEGER NOT NULL,"
    " sealed BLOB NOT NULL);"
    "CREATE INDEX child_history_child ON child_history(child_id);"
    /* A person has said that the document is not this child's. */
    "CREATE TABLE not_child(id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES document(id), child_id INTEGER NOT NULL,"
    " said_by TEXT NOT NULL, said_at INTEGER NOT NULL, taken_back_at INTEGER);"
    "CREATE INDEX not_child_document ON not_child(document_id);"
    /* The document names a child of another family than those whose record it is in. page: where, as in its file. state: open, belongs, moved. */
    "CREATE TABLE alarm(id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES document(id), child_id INTEGER NOT NULL,"
    " page INTEGER NOT NULL, made_at INTEGER NOT NULL, state TEXT NOT NULL, decided_by TEXT NOT NULL DEFAULT '', decided_at INTEGER,"
    " why TEXT NOT NULL DEFAULT '', UNIQUE(document_id, child_id));"
    /* The week's random sample of what the machine filed. week: the day number of its Monday, or 0: looked at outside of a sample. result: '' (nobody has looked), right, wrong. */
    "CREATE TABLE filing_check(id INTEGER PRIMARY KEY, filing_id INTEGER NOT NULL UNIQUE REFERENCES filing(id), week INTEGER NOT NULL,"
    " made_at INTEGER NOT NULL, result TEXT NOT NULL DEFAULT '', decided_by TEXT NOT NULL DEFAULT '', decided_at INTEGER);"
    /* Other names of children that documents taught. state: proposed, taken, refused. */
    "CREATE TABLE alias(id INTEGER PRIMARY KEY, child_id INTEGER NOT NULL, document_id INTEGER NOT NULL REFERENCES document(id), token BLOB NOT NULL UNIQUE,"
    " sealed BLOB NOT NULL, state TEXT NOT NULL, made_at INTEGER NOT NULL, decided_by TEXT NOT NULL DEFAULT '', decided_at INTEGER);"
    /* What was found in the document: its kind, the day that it tells of, the day that it was written (day numbers). kind: what was said. */
    "ALTER TABLE document ADD COLUMN found_kind TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE document ADD COLUMN event_day INTEGER;"
    "ALTER TABLE document ADD COLUMN written_day INTEGER;"
    "UPDATE meta SET value = '4' WHERE name = 'schema';";

/* Version 5: requests with everything that happens to them. */
static const char version_5[] =
    /* kind: access, rectification. pack: a kind of packs.conf. scope: the days (day numbers) that the request is about, NULL: all. state: open,
     * approved, or what closed it: released, answered, refused, withdrawn. What events note may speak of people, so it is sealed; notes of earlier
     * versions stand in note. */
    "ALTER TABLE request ADD COLUMN kind TEXT NOT NULL DEFAULT 'access';"
    "ALTER TABLE request ADD COLUMN pack TEXT NOT NULL DEFAULT 'subject';"
    "ALTER TABLE request ADD COLUMN scope_from INTEGER;"
    "ALTER TABLE request ADD COLUMN scope_until INTEGER;"
    "ALTER TABLE request_event ADD COLUMN sealed_note BLOB;"
    "CREATE INDEX request_event_request ON request_event(request_id);"
    "CREATE INDEX request_child ON request(child_id);"
    "INSERT INTO request_event(request_id, day, kind, who, at, note) SELECT request_id, released_at / 86400000, 'released', released_by, released_at, ''"
    " FROM disclosure;"
    /* origin: record, elsewhere (found by a search in another's record), hand. who: who has said that it is in or out; '' and not included: a person
     * has to. code: of reasons.conf, why it is left out. What was said before stands in the audit log. */
    "ALTER TABLE request_document ADD COLUMN origin TEXT NOT NULL DEFAULT 'record';"
    "ALTER TABLE request_document ADD COLUMN code TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE request_document ADD COLUMN who TEXT NOT NULL DEFAULT '';"
    "UPDATE request_document SET who = 'machine' WHERE included = 0;"
    "CREATE INDEX request_document_document ON request_document(document_id);"
    /* What one person did at one moment: a decision on one flag or on thousands. detail: note and the fields that codes demand, JSON, sealed under
     * the request's key. undoes: the act that this one takes back. */
    "CREATE TABLE act(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id), kind TEXT NOT NULL, who TEXT NOT NULL,"
    " at INTEGER NOT NULL, sealed_detail BLOB, undoes INTEGER REFERENCES act(id));"
    "CREATE INDEX act_request ON act(request_id);"
    "CREATE TABLE decision_5(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id), flag_id INTEGER NOT NULL REFERENCES flag(id),"
    " cover INTEGER NOT NULL, code TEXT NOT NULL, act_id INTEGER NOT NULL REFERENCES act(id), superseded_by INTEGER REFERENCES decision_5(id),"
    /* What an undoing has put back: the decision that it repeats. */
    " restores INTEGER REFERENCES decision_5(id));"
    "INSERT INTO act(id, request_id, kind, who, at) SELECT id, request_id, 'decided', who, at FROM decision;"
    "INSERT INTO decision_5 SELECT id, request_id, flag_id, cover, code, id, superseded_by, NULL FROM decision;"
    "DROP TABLE decision;"
    "ALTER TABLE decision_5 RENAME TO decision;"
    "CREATE INDEX decision_standing ON decision(request_id, flag_id) WHERE superseded_by IS NULL;"
    "CREATE INDEX decision_flag ON decision(flag_id);"
    "CREATE INDEX decision_act ON decision(act_id);"
    /* Keyed tokens of who the flag is about and of what is written there, so that all of one are found without opening any. */
    "ALTER TABLE flag ADD COLUMN person_token BLOB;"
    "ALTER TABLE flag ADD COLUMN text_token BLOB;"
    "CREATE INDEX flag_page ON flag(page_id);"
    /* Who was asked what. kind: originator (policy section 9), consent. state: asked, no objection, objects, consents, refuses, no reply, overridden.
     * Who and what they said: sealed. person: keyed token of the person whose consent is sought, or NULL. */
    "CREATE TABLE consultation(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id), kind TEXT NOT NULL,"
    " sealed_whom BLOB NOT NULL, person_id TEXT NOT NULL DEFAULT '', asked_day INTEGER NOT NULL, asked_by TEXT NOT NULL, state TEXT NOT NULL, closed_day INTEGER,"
    " closed_by TEXT NOT NULL DEFAULT '', sealed_views BLOB);"
    "CREATE INDEX consultation_request ON consultation(request_id);"
    /* What was searched for documents that name the subject, and why that is enough (CLK-5). */
    "CREATE TABLE request_search(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id), at INTEGER NOT NULL, who TEXT NOT NULL,"
    " sealed_terms BLOB NOT NULL, documents INTEGER NOT NULL, pages INTEGER NOT NULL, unread INTEGER NOT NULL, found INTEGER NOT NULL);"
    /* What a request to put something right added to a document; the document itself stays as it is. */
    "CREATE TABLE annotation(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id), document_id INTEGER NOT NULL REFERENCES document(id),"
    " page INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, sealed_text BLOB NOT NULL);"
    "CREATE INDEX annotation_document ON annotation(document_id);"
    /* A difference between this request and an earlier disclosure that an officer has looked at and lets stand. */
    "CREATE TABLE difference(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL REFERENCES request(id), flag_id INTEGER NOT NULL REFERENCES flag(id),"
    " other_request INTEGER NOT NULL REFERENCES request(id), who TEXT NOT NULL, at INTEGER NOT NULL, sealed_why BLOB NOT NULL,"
    " UNIQUE(request_id, flag_id, other_request));"
    /* A disclosure that should not have been: recalled, with what was done about it. */
    "CREATE TABLE recall(id INTEGER PRIMARY KEY, disclosure_id INTEGER NOT NULL REFERENCES disclosure(id), at INTEGER NOT NULL, who TEXT NOT NULL,"
    " sealed_why BLOB NOT NULL, leaf INTEGER NOT NULL);"
    "ALTER TABLE disclosure ADD COLUMN head TEXT NOT NULL DEFAULT '';"
    /* One file of a pack. */
    "CREATE TABLE pack_volume(pack_id INTEGER NOT NULL REFERENCES pack(id), number INTEGER NOT NULL, object_id INTEGER NOT NULL REFERENCES object(id),"
    " content_hash TEXT NOT NULL, front_pages INTEGER NOT NULL, first_page INTEGER NOT NULL, last_page INTEGER NOT NULL, page_count INTEGER NOT NULL,"
    " PRIMARY KEY(pack_id, number)) WITHOUT ROWID;"
    "INSERT INTO pack_volume SELECT k.id, 1, k.object_id, k.content_hash, k.front_pages, 1, (SELECT count(*) FROM pack_page g WHERE g.pack_id = k.id),"
    " k.page_count FROM pack k WHERE k.object_id IS NOT NULL;"
    /* head: of the audit log, as it is printed on the letter. rebuilt: '', asked, same, other: whether binding it again has given the same bytes. */
    "ALTER TABLE pack ADD COLUMN head TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE pack ADD COLUMN rebuilt TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE proof_5(id INTEGER PRIMARY KEY, pack_id INTEGER NOT NULL REFERENCES pack(id), volume INTEGER NOT NULL,"
    " first_page INTEGER NOT NULL, last_page INTEGER NOT NULL, state TEXT NOT NULL, finding_count INTEGER NOT NULL DEFAULT 0,"
    " sealed_findings BLOB, UNIQUE(pack_id, volume, first_page));"
    "INSERT INTO proof_5 SELECT id, pack_id, 1, first_page, last_page, state, finding_count, sealed_findings FROM proof;"
    "DROP TABLE proof;"
    "ALTER TABLE proof_5 RENAME TO proof;"
    "UPDATE meta SET value = '5' WHERE name = 'schema';";

const char *const schema_steps[SCHEMA_VERSION] = {version_1, version_2, version_3, version_4, version_5};
