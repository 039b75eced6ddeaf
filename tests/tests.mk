# Tests. A unit test is one cmocka program: tests/unit/<room>/test_<file>.c, linked with every room but daemon's mains.

TEST_LIB_OBJECTS := $(filter-out $(O)/daemon/%_main.o,$(OBJECTS))
UNIT_TESTS := $(patsubst tests/%.c,$(O)/tests/%,$(sort $(wildcard tests/unit/*/test_*.c)))
FUZZ_TESTS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
ALL_LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES) cmocka) -lmagic -lunistring -ljpeg -ltiff -lm -lpthread
PYTHON := /usr/bin/python3 -W ignore

$(O)/libtest.a: $(TEST_LIB_OBJECTS)
	@rm -f $@
	$(Q)ar rcs $@ $^

-include $(UNIT_TESTS:=.d)
$(O)/tests/unit/%: $(O)/tests/unit/%.o $(O)/libtest.a
	@echo "  LD   $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $< $(O)/libtest.a $(ALL_LIBS)

# The harness with a main of our own, that runs the corpus once; with build=fuzz the fuzzer itself.
$(O)/tests/fuzz/fuzz_%: $(O)/tests/fuzz/fuzz_%.o $(if $(filter fuzz,$(build)),,$(O)/tests/fuzz/run_corpus.o) $(O)/libtest.a
	@echo "  LD   $@"
	$(Q)$(CC) $(LDFLAGS) $(if $(filter fuzz,$(build)),-fsanitize=fuzzer) -o $@ $(filter %.o,$^) $(O)/libtest.a $(ALL_LIBS)

.PHONY: unit corpus-test check-floors journey crash docs-test test-all fuzz
unit: $(UNIT_TESTS)
	@OMP_THREAD_LIMIT=1 tests/run-unit $(UNIT_TESTS)

corpus-test: $(FUZZ_TESTS:%=$(O)/tests/fuzz/%)
	@for f in $(FUZZ_TESTS); do printf '  fuzz corpus %s: ' $$f; OMP_THREAD_LIMIT=1 $(O)/tests/fuzz/$$f tests/fuzz/corpus/$$f || exit 1; done

check-floors: programs
	@tests/check-floors $(O)/bin

docs-test: programs manual
	@$(PYTHON) tests/check-docs $(O)

journey: programs
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_journey.py
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/journey/test_remote_worker.py

crash: programs
	@CASEFILE_BIN=$(CURDIR)/$(O)/bin $(PYTHON) tests/crash/test_crash.py

# make fuzz seconds=600: each harness with libFuzzer for so long; new inputs go to build/fuzz/corpus.
seconds ?= 60
fuzz:
	@$(MAKE) --no-print-directory build=fuzz $(FUZZ_TESTS:%=build/fuzz/tests/fuzz/%)
	@for f in $(FUZZ_TESTS); do mkdir -p build/fuzz/corpus/$$f; OMP_THREAD_LIMIT=1 build/fuzz/tests/fuzz/$$f -max_total_time=$(seconds) \
	    build/fuzz/corpus/$$f tests/fuzz/corpus/$$f 2>&1 | tail -n 2 || exit 1; done

# Everything in this kind of build; and, from a release build, the unit tests and fuzz corpora once more with the sanitizers.
test-all:
	@$(MAKE) --no-print-directory check-floors docs-test unit corpus-test
	@$(MAKE) --no-print-directory -j1 journey
	@$(MAKE) --no-print-directory -j1 crash
	@$(if $(filter release,$(build)),$(MAKE) --no-print-directory build=sanitize -j2 unit corpus-test)
	@echo "all tests passed ($(build))"
