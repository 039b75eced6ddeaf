# Tests. A unit test is one cmocka program: tests/unit/<room>/test_<file>.c, linked with every room but daemon's mains.

TEST_LIB_OBJECTS := $(filter-out $(O)/daemon/%_main.o,$(OBJECTS))
UNIT_TESTS := $(patsubst tests/%.c,$(O)/tests/%,$(wildcard tests/unit/*/test_*.c))
ALL_LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES) cmocka) -lmagic -lunistring -ljpeg -ltiff -lm -lpthread

$(O)/libtest.a: $(TEST_LIB_OBJECTS)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(O)/tests/unit/%: $(O)/tests/unit/%.o $(O)/libtest.a
	@echo "  LD   $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $< $(O)/libtest.a $(ALL_LIBS)

.PHONY: unit
unit: $(UNIT_TESTS)
	@tests/run-unit $(UNIT_TESTS)
