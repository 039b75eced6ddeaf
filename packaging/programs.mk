# The link list of each program: what it may reach. `make check-floors` checks it together with the table of forbidden
# symbols in packaging/forbidden-symbols.txt.

base_plain    := base/err base/mem base/buf base/number_set base/order base/wire base/text base/log base/clock base/file
base_process  := base/spawn base/helper
config_all    := config/settings config/rule_file config/rules config/linkage config/kinds config/nicknames config/fact_lists config/name_lists
program       := daemon/program
store_db      := store/store store/schema store/db_sqlite store/seal store/audit store/vault
store_people  := base/text_pool base/check_digit store/people store/people_rows store/alias_rows
store_structs := store/box store/page store/flag store/covered store/filing_result
store_rows    := $(store_structs) store/page_rows store/flag_rows store/pack_rows
queue_wire    := queue/message queue/link
queue_jobs    := queue/job queue/next queue/schedule queue/estimate
queue_broker  := $(filter-out queue/message queue/link queue/job queue/next queue/session,$(patsubst %.c,%,$(wildcard queue/*.c)))
ingest_near   := ingest/near_duplicate ingest/sketch ingest/same_paper
ingest_cut    := ingest/cut ingest/cut_pages ingest/batch ingest/collate ingest/sheet

casefiled_objects := $(base_plain) base/spawn config/settings $(program) daemon/casefiled_main
casefiled_libs    := libconfig

casefile-broker_objects := $(base_plain) base/spawn config/settings $(program) daemon/broker_main daemon/worker_keys daemon/broker_keys \
    $(queue_wire) $(queue_jobs) $(queue_broker) $(store_db) $(store_rows) $(store_people) \
    store/original store/page_picture store/covered_object \
    ingest/receive ingest/open_job ingest/open_order ingest/open_record $(ingest_cut) ingest/compare_job_kind ocr/read_job ocr/read_record ocr/layer_check \
    redact/cover_job redact/prove_job redact/redact_record redact/flag_job_kind filing/file_job_kind disclose/bind_job_kind
casefile-broker_libs := libconfig libzmq libsodium sqlite3

intake_channels := $(patsubst %.c,%,$(wildcard ingest/scan_*.c ingest/channel*.c ingest/mailbox.c ingest/maildir*.c ingest/imap*.c))
casefile-intake_objects := $(base_plain) base/spawn config/settings $(program) daemon/intake_main \
    $(intake_channels) ingest/receive ingest/custody $(queue_jobs) $(store_db)
casefile-intake_libs := libconfig libsodium sqlite3 libcurl

casefile-worker_objects := $(base_plain) $(base_process) config/settings $(program) daemon/worker_main daemon/helper_program daemon/worker_keys \
    $(queue_wire) queue/session ingest/malware ingest/open_order ingest/open_record store/box store/page
casefile-worker_libs := libconfig libzmq

# Everything that opens, reads, covers and proves; no store but its plain structs.
read_forms := ocr/read_output ocr/read_text ocr/read_hocr ocr/read_alto ocr/read_pdf
helper_rooms := $(patsubst %.c,%,$(filter-out %_job.c %_job_kind.c $(read_forms:=.c),$(wildcard ocr/*.c) $(wildcard ingest/html_*.c ingest/mail.c ingest/mail_*.c ingest/mailbox_file.c ingest/mapi*.c ingest/rtf*.c \
    ingest/separator*.c ingest/sniff*.c ingest/patch*.c ingest/open_record.c ingest/open_order.c ingest/archive*.c ingest/pst*.c ingest/outlook*.c \
    ingest/zip_*.c ingest/tnef*.c ingest/zip_*.c ingest/uuencode*.c ingest/calendar_*.c ingest/logo.c) $(wildcard redact/cover*.c redact/prov*.c redact/judge*.c redact/pdf_*.c redact/redact_record.c)))
casefile-helper_objects := $(base_plain) $(base_process) base/confine base/pix base/shrink store/box store/page store/covered $(helper_rooms) \
    daemon/helper_main daemon/helper_open daemon/helper_pages daemon/helper_image
casefile-helper_libs := tesseract lept libopenjp2 poppler-glib cairo pangocairo libqpdf gmime-3.0 libseccomp zbar libarchive libgsf-1 libpst libheif gio-2.0 libwebp libwebpdemux zlib
casefile-helper_more := -lmagic -ljpeg -ltiff -lgif -ljbig2dec @packaging/tesseract/link-flags

casefile-office_objects := $(base_plain) $(base_process) base/confine daemon/office_main $(patsubst %.c,%,$(wildcard ingest/office*.c)) ingest/open_order ingest/open_record store/box store/page
casefile-office_libs := libseccomp zlib

filing_rooms := $(patsubst %.c,%,$(filter-out %_job_kind.c,$(wildcard filing/*.c)))
find_rooms   := $(patsubst %.c,%,$(wildcard redact/find*.c)) redact/tag_model redact/tag_text redact/tag_features redact/tagger redact/fact_words redact/flag_regions daemon/finding
casefile-file_objects := $(base_plain) base/spawn $(config_all) $(program) daemon/file_main $(queue_wire) $(queue_jobs) queue/session \
    $(store_db) $(store_rows) $(store_people) store/covered_object $(filing_rooms) $(find_rooms) redact/flag_job \
    $(ingest_near)
casefile-file_libs := libconfig libzmq libsodium sqlite3

pack_rooms := $(patsubst %.c,%,$(wildcard disclose/bind*.c))
casefile-pack_objects := $(base_plain) base/spawn store/words_pdf $(config_all) $(program) daemon/pack_main $(queue_wire) $(queue_jobs) queue/session \
    $(store_db) $(store_rows) $(store_people) store/covered_object $(filter-out disclose/bind_job_kind,$(pack_rooms)) \
    disclose/request disclose/request_clock disclose/letters disclose/rectify
casefile-pack_libs := libconfig libzmq libsodium sqlite3 cairo pangocairo libqpdf

casefile_objects := $(base_plain) $(base_process) $(config_all) $(program) daemon/casefile_main daemon/command daemon/cmd_ingest daemon/cmd_setup filing/alias_find ingest/split daemon/cmd_linkage filing/matcher filing/estimate filing/weigh filing/choose filing/evidence filing/mention filing/mention_seek filing/tokens filing/register_index daemon/document_name daemon/document_print daemon/cmd_report daemon/cmd_register config/register_map store/csv_table store/people_csv daemon/cmd_status \
    daemon/cmd_triage daemon/cmd_request daemon/cmd_request_open daemon/cmd_request_choose daemon/cmd_request_decide daemon/cmd_request_pack daemon/lock_file daemon/cmd_prove daemon/cmd_log redact/redact_record daemon/cmd_export daemon/cmd_audit daemon/cmd_quarantine daemon/cmd_check daemon/cmd_original store/original store/page_picture daemon/cmd_sheets daemon/cmd_rescan \
    daemon/worker_keys daemon/broker_keys \
    ingest/receive ingest/scan_names ingest/custody ingest/quarantine $(ingest_cut) ingest/print_sheets $(ingest_near) filing/filing_rows filing/filing_review filing/facts_rows filing/document_facts filing/date_form filing/identifier filing/name_list filing/postings filing/filing_record \
    disclose/request disclose/request_open disclose/request_people disclose/act disclose/decide disclose/approve disclose/cover_words disclose/choose_documents disclose/search_subject disclose/mail_chains disclose/letters disclose/rectify disclose/disclosure_log disclose/consult disclose/consistency disclose/same_text disclose/pack disclose/release disclose/request_clock \
    daemon/cmd_read daemon/cmd_flags daemon/flag_case daemon/flag_text daemon/flag_print daemon/flag_marks $(find_rooms) ocr/page_mark daemon/cmd_document daemon/helper_program daemon/read_pool daemon/read_file daemon/read_slot daemon/read_report daemon/output_file \
    store/words_pdf ocr/page_image ocr/read_record ocr/layer_check $(read_forms) ingest/open_order ingest/open_record \
    queue/message $(queue_jobs) $(store_db) $(store_rows) $(store_people) store/covered_object
casefile_libs := libconfig libzmq libsodium sqlite3 jansson cairo pangocairo zlib
casefile_more := -lzint

PROGRAMS := casefiled casefile casefile-broker casefile-intake casefile-worker casefile-helper casefile-office casefile-file casefile-pack

define program_rule
$(O)/bin/$(1): $(patsubst %,$(O)/%.o,$($(1)_objects)) packaging/programs.mk
	@mkdir -p $$(@D)
	@echo "  LD   $(1)"
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(shell $$(PKG_CONFIG) --libs $($(1)_libs)) $($(1)_more) -lunistring -lm
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rule,$(p))))

.PHONY: programs
programs: $(PROGRAMS:%=$(O)/bin/%)
