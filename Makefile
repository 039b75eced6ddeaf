# casefile: one readable Makefile.
#
#   make            build everything (build=debug|release|sanitize|coverage|fuzz, default release)
#   make demo       set up the machine, build, run the main job on samples/
#   make test       set up the machine, build, run every test
#   make run        set up, build, run the daemon on the store in ./var, in the foreground
#   make bench      long measurements against peers
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
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2
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
PACKAGES := tesseract lept poppler-glib libzmq libsodium sqlite3 cairo pangocairo libqpdf gmime-3.0 libseccomp jansson zbar libconfig
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

.PHONY: clean
clean:
	rm -rf build

.SECONDARY:
