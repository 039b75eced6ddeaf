# Tests. A unit test is one cmocka program: tests/unit/<room>/test_<file>.c, linked with every room but daemon's mains.

TEST_LIB_OBJECTS := $(filter-out $(O)/daemon/%_main.o,$(OBJECTS))
UNIT_TESTS := $(patsubst tests/%.c,$(O)/tests/%,$(sort $(wildcard tests/unit/*/test_*.c)))
FUZZ_TESTS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
ALL_LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES) cmocka) -lmagic -lunistring -ljpeg -ltiff -lgif -ljbig2dec -lzint -lm -lpthread
PYTHON := /usr/bin/python3 -W ignore

$(O)/libtest.a: $(TEST_LIB_OBJECTS)
	@rm -f $@
	$(Q)ar rcs $@ $^

-include $(UNIT_TESTS:=.d) $(FUZZ_TESTS:%=$(O)/tests/fuzz/%.d) $(wildcard $(O)/tests/fakes/*.d)
$(O)/tests/unit/%: $(O)/tests/unit/%.o $(O)/libtest.a
	@echo "  LD   $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $< $(O)/libtest.a $(ALL_LIBS)

# The harness with a main of our own, that runs the corpus once; with build=fuzz the fuzzer itself.
$(O)/tests/fuzz/fuzz_%: $(O)/tests/fuzz/fuzz_%.o $(if $(filter fuzz,$(build)),,$(O)/tests/fuzz/run_corpus.o) $(O)/libtest.a
	@echo "  LD   $@"
	$(Q)$(CC) $(LDFLAGS) $(if $(filter fuzz,$(build)),-fsanitize=fuzzer) -o $@ $(filter %.o,$^) $(O)/libtest.a $(ALL_LIBS)

.PHONY: unit corpus-test check-floors journey crash crash-long docs-test test-all fuzz
unit: $(UNIT_TESTS)
	@OMP_THREAD_LIMIT=1 tests/run-unit $(UNIT_TESTS)

corpus-test: $(FUZZ_TESTS:%=$(O)/tests/fuzz/%)
	@for f in $(FUZZ_TESTS); do printf '  fuzz corpus %s: ' $$f; OMP_THREAD_LIMIT=1 $(O)/tests/fuzz/$$f tests/fuzz/corpus/$$f || exit 1; done

check-floors: programs
	@tests/check-floors $(O)/bin

docs-test: programs manual
	@$(PYTHON) tests/check-docs $(O)

$(O)/tests/fakes/hostile_helper: $(O)/tests/fakes/hostile_helper.o $(patsubst %,$(O)/%.o,$(base_plain) $(base_process) base/confine)
	@echo "  LD   $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(shell $(PKG_CONFIG) --libs libseccomp) -lunistring -lm

journey: programs $(O)/tests/fakes/hostile_helper
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_journey.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_filing.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_prove.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_remote_worker.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_mailboxes.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_intake.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_batches.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_overnight.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_read.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_flags.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_office.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_hostile_helper.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_messy.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_malware.py

# What a disk would still have after a power cut: test_power_cut.py loads it into the programs.
$(O)/tests/crash/power_cut.so: tests/crash/power_cut.c
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARN) -O1 -shared -fPIC -o $@ $< -ldl

crash: programs $(O)/tests/crash/power_cut.so
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/crash/test_crash.py
	@$(if $(filter sanitize,$(build)),,CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/crash/test_power_cut.py)

# A thousand documents, three seeds: long.
crash-long: programs
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/crash/test_thousand.py

# make fuzz seconds=600: each harness with libFuzzer for so long; new inputs go to build/fuzz/corpus.
seconds ?= 60
fuzz:
	@$(MAKE) --no-print-directory build=fuzz $(FUZZ_TESTS:%=build/fuzz/tests/fuzz/%)
	@bad=; for f in $(FUZZ_TESTS); do mkdir -p build/fuzz/corpus/$$f build/fuzz/found; \
	    if OMP_THREAD_LIMIT=1 build/fuzz/tests/fuzz/$$f -max_total_time=$(seconds) -rss_limit_mb=4096 -artifact_prefix=build/fuzz/found/$$f- \
	        build/fuzz/corpus/$$f tests/fuzz/corpus/$$f > build/fuzz/$$f.log 2>&1; \
	    then echo "  $$f: $$(tail -n 1 build/fuzz/$$f.log)"; \
	    else bad="$$bad $$f"; echo "  $$f: FOUND SOMETHING"; grep -m 1 -A 12 -E "ERROR:|runtime error|SUMMARY" build/fuzz/$$f.log; fi; done; \
	    test -z "$$bad" || { echo "inputs are in build/fuzz/found; the logs in build/fuzz"; exit 1; }

# Everything in this kind of build; and, from a release build, the unit tests and fuzz corpora once more with the sanitizers.
test-all:
	@$(MAKE) --no-print-directory check-floors docs-test unit corpus-test
	@$(MAKE) --no-print-directory -j1 journey
	@$(MAKE) --no-print-directory -j1 crash
	@$(if $(filter release,$(build)),$(MAKE) --no-print-directory build=sanitize -j2 unit corpus-test)
	@echo "all tests passed ($(build))"
