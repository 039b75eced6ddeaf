# make tesseract: a faster library for reading pages, from Debian's own source package; an option, never required.
# The loader takes it from lib/casefile beside bin/ on a processor that has what it was built for, else Debian's.
#
# To undo it: rm -r build/tesseract (and $(prefix)/lib/casefile where it was installed).

.PHONY: tesseract install-tesseract
tesseract:
	@packaging/setup run tesseract
	@packaging/tesseract/build build/tesseract
	@packaging/tesseract/build --use build/tesseract $(O)

# Nothing, when it was not built.
install: install-tesseract
install-tesseract:
	@packaging/tesseract/build --install build/tesseract $(DESTDIR)$(prefix)
