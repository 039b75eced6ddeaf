# casefile: one readable Makefile.
#
#   make            build everything (build=debug|release|sanitize|coverage|fuzz, default release)
#   make demo       set up the machine, build, run the main job on samples/
#   make test       set up the machine, build, run every test
#   make run        set up, build, run the daemon on the store in ./var, in the foreground
#   make tesseract  build a faster recognition library from Debian's source (an option; some minutes)
#   make bench      long measurements against peers
#   make model      make the model of the finder of unknown people again (data=FOLDER: see packaging/model.mk)
#   make install    into $(DESTDIR)$(prefix)

build ?= release
prefix ?= /usr/local
O := build/$(build)
V ?= 0
Q := $(if $(filter 0,$(V)),@)

CC := gcc
WARN := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wvla -Wstrict-prototypes -Wmissing-prototypes
HARDEN := -fstack-protector-strong -fPIE -D_FILE_OFFSET_BITS=64
CFLAGS_debug := -O0 -g3
CFLAGS_release := -O3 -g -D_FORTIFY_SOURCE=2
CFLAGS_sanitize := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined -DCASEFILE_SANITIZE
CFLAGS_coverage := -O0 -g --coverage
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -DCASEFILE_SANITIZE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
LDFLAGS_debug := -pie
LDFLAGS_sanitize := -fsanitize=address,undefined -pie
LDFLAGS_coverage := --coverage
LDFLAGS_fuzz := -fsanitize=address,undefined
ifeq ($(build),fuzz)
CC := clang
endif
ifeq ($(werror),1)
WARN += -Werror
endif

ROOMS := base config store queue ingest ocr filing redact disclose daemon
PKG_CONFIG ?= pkg-config
PACKAGES := tesseract lept libopenjp2 poppler-glib libzmq libsodium sqlite3 cairo pangocairo libqpdf gmime-3.0 libseccomp jansson zbar libconfig libarchive libgsf-1 libpst libheif libcurl gio-2.0 libwebp libwebpdemux libwebpmux zlib
# Only evaluated when something is compiled: on a bare machine `make demo` installs them first.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) | sed 's/-I/-isystem /g'))$(PKG_CFLAGS)
CPPFLAGS = -I. -D_GNU_SOURCE $(PKG_CFLAGS)
CFLAGS = -std=gnu17 $(CFLAGS_$(build)) $(WARN) $(HARDEN)
LDFLAGS = $(LDFLAGS_$(build))

.PHONY: all
all: programs

# ---- objects ---------------------------------------------------------------------------------------------------
$(O)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

SOURCES := $(foreach r,$(ROOMS),$(wildcard $(r)/*.c))
OBJECTS := $(SOURCES:%.c=$(O)/%.o)
-include $(OBJECTS:.o=.d)

include packaging/programs.mk
include tests/tests.mk
include packaging/tesseract.mk
include packaging/model.mk

# ---- what people call --------------------------------------------------------------------------------------------
# Each sets up the machine first, then calls make again, so that pkg-config is asked when it is there.
.PHONY: demo test run bench samples install setup-run
setup-build:
	@packaging/setup run build
demo: setup-build
	@$(MAKE) --no-print-directory -j2 programs
	@packaging/demo $(O)/bin

run: setup-build
	@$(MAKE) --no-print-directory -j2 programs
	@mkdir -p var
	@test -f var/casefile.conf || printf '# Settings of this store: see casefile.conf(5).\nstore: { folder = "%s/var"; };\n' "$(CURDIR)" > var/casefile.conf
	@echo "the store is ./var, the scan folder ./var/inbox; Ctrl-C stops. In another terminal: $(O)/bin/casefile --config var/casefile.conf status"
	@exec $(O)/bin/casefiled --config var/casefile.conf

test:
	@packaging/setup run build test
	@$(MAKE) --no-print-directory -j2 test-all

bench:
	@packaging/setup run build test bench
	@$(MAKE) --no-print-directory -j2 programs
	@$(MAKE) --no-print-directory $(O)/bench/queue $(O)/bench/read_pages $(O)/bench/file_words $(O)/bench/find_words $(O)/bench/tag_texts $(O)/bench/requests $(O)/bench/bind
	@$(O)/bench/queue
	@$(O)/bench/requests
	@$(O)/bench/bind
	@bench/run $(O)/bin
	@bench/reading --objects $(O) all
	@bench/filing --objects $(O) sets
	@bench/finding --objects $(O) all

samples:
	@packaging/setup corpus
	/usr/bin/python3 tests/corpus/make_samples.py --check

install: programs manual
	install -d $(DESTDIR)$(prefix)/bin $(DESTDIR)$(prefix)/share/casefile/rules $(DESTDIR)$(prefix)/share/man/man1 \
	    $(DESTDIR)$(prefix)/share/man/man5 $(DESTDIR)$(prefix)/share/man/man8
	install $(PROGRAMS:%=$(O)/bin/%) $(DESTDIR)$(prefix)/bin
	install -m 644 config/*.conf $(MODEL) $(DESTDIR)$(prefix)/share/casefile/rules
	install -m 644 doc/casefile.1 $(DESTDIR)$(prefix)/share/man/man1
	install -m 644 $(O)/doc/casefile.conf.5 $(DESTDIR)$(prefix)/share/man/man5
	install -m 644 doc/casefiled.8 $(DESTDIR)$(prefix)/share/man/man8

# casefile.conf(5): the frame by hand, the settings from their table.
.PHONY: manual
manual: $(O)/doc/casefile.conf.5
$(O)/doc/casefile.conf.5: doc/casefile.conf.5.in $(O)/bin/casefile
	@mkdir -p $(@D)
	$(Q)$(O)/bin/casefile settings manual > $@.rows
	$(Q)sed -e '/@SETTINGS@/{r $@.rows' -e 'd' -e '}' $< > $@

# The stop-watch of bench/read_pages stands before the engine's recognition.
$(O)/bench/read_pages: LDFLAGS += -Wl,--wrap=TessBaseAPIRecognize
$(O)/bench/%: bench/%.c $(O)/libtest.a
	@mkdir -p $(@D)
	@echo "  LD   $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(O)/libtest.a $(ALL_LIBS)

.PHONY: clean
clean:
	rm -rf build

.SECONDARY:
