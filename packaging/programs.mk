# The link list of each program: what it may reach. `make check-floors` checks it together with the table of forbidden
# symbols in packaging/forbidden-symbols.txt.

base_plain    := base/err base/mem base/buf base/wire base/text base/log base/clock base/file
base_process  := base/spawn base/helper
config_all    := config/settings config/rules
program       := daemon/program
store_db      := store/store store/schema store/db_sqlite store/seal store/audit store/vault
store_people  := store/people store/people_csv store/people_rows
store_structs := store/page store/flag store/covered store/filing_result
store_rows    := $(store_structs) store/page_rows store/flag_rows store/pack_rows
queue_wire    := queue/message queue/link
queue_jobs    := queue/job queue/next

casefiled_objects := $(base_plain) base/spawn config/settings $(program) daemon/casefiled_main
casefiled_libs    := libconfig

casefile-broker_objects := $(base_plain) base/spawn config/settings $(program) daemon/broker_main daemon/worker_keys daemon/broker_keys \
    $(queue_wire) $(queue_jobs) queue/broker $(store_db) $(store_rows) $(store_people) \
    store/original store/page_picture store/covered_object \
    ingest/receive ingest/open_job ingest/open_record ocr/read_job ocr/read_record \
    redact/cover_job redact/prove_job redact/redact_record redact/flag_job_kind filing/file_job_kind disclose/bind_job_kind
casefile-broker_libs := libconfig libzmq libsodium sqlite3

casefile-intake_objects := $(base_plain) base/spawn config/settings $(program) daemon/intake_main \
    ingest/scan_folder ingest/receive $(queue_jobs) $(store_db)
casefile-intake_libs := libconfig libsodium sqlite3

casefile-worker_objects := $(base_plain) $(base_process) config/settings $(program) daemon/worker_main daemon/worker_keys \
    $(queue_wire) queue/session
casefile-worker_libs := libconfig libzmq

# Everything that opens, reads, covers and proves; no store but its plain structs.
helper_rooms := $(patsubst %.c,%,$(filter-out %_job.c %_job_kind.c,$(wildcard ocr/*.c) $(wildcard ingest/html_*.c ingest/mail*.c ingest/separator*.c \
    ingest/sniff*.c ingest/patch*.c ingest/open_record.c) $(wildcard redact/cover*.c redact/prov*.c redact/pdf_*.c redact/redact_record.c)))
casefile-helper_objects := $(base_plain) $(base_process) base/confine base/pix store/page store/covered $(helper_rooms) \
    daemon/helper_main daemon/helper_open daemon/helper_pages
casefile-helper_libs := tesseract lept poppler-glib cairo pangocairo libqpdf gmime-3.0 libseccomp zbar
casefile-helper_more := -lmagic -ljpeg -ltiff

filing_rooms := $(patsubst %.c,%,$(filter-out %_job_kind.c,$(wildcard filing/*.c)))
find_rooms   := $(patsubst %.c,%,$(wildcard redact/find*.c))
casefile-file_objects := $(base_plain) base/spawn $(config_all) $(program) daemon/file_main $(queue_wire) $(queue_jobs) queue/session \
    $(store_db) $(store_rows) $(store_people) store/covered_object $(filing_rooms) $(find_rooms) redact/flag_job
casefile-file_libs := libconfig libzmq libsodium sqlite3

pack_rooms := $(patsubst %.c,%,$(wildcard disclose/bind*.c))
casefile-pack_objects := $(base_plain) base/spawn $(config_all) $(program) daemon/pack_main $(queue_wire) $(queue_jobs) queue/session \
    $(store_db) $(store_rows) $(store_people) store/covered_object $(filter-out disclose/bind_job_kind,$(pack_rooms)) \
    disclose/request disclose/due
casefile-pack_libs := libconfig libzmq libsodium sqlite3 cairo pangocairo libqpdf

casefile_objects := $(base_plain) base/spawn $(config_all) $(program) daemon/casefile_main daemon/command daemon/cmd_intake daemon/cmd_status \
    daemon/cmd_triage daemon/cmd_request daemon/cmd_export daemon/cmd_audit daemon/worker_keys daemon/broker_keys \
    ingest/receive filing/filing_rows filing/filing_record \
    disclose/request disclose/decide disclose/same_text disclose/pack disclose/release disclose/due \
    queue/message $(queue_jobs) $(store_db) $(store_rows) $(store_people) store/covered_object
casefile_libs := libconfig libzmq libsodium sqlite3 jansson

PROGRAMS := casefiled casefile casefile-broker casefile-intake casefile-worker casefile-helper casefile-file casefile-pack

define program_rule
$(O)/bin/$(1): $(patsubst %,$(O)/%.o,$($(1)_objects)) packaging/programs.mk
	@mkdir -p $$(@D)
	@echo "  LD   $(1)"
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(shell $$(PKG_CONFIG) --libs $($(1)_libs)) $($(1)_more) -lunistring -lm
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rule,$(p))))

.PHONY: programs
programs: $(PROGRAMS:%=$(O)/bin/%)
