# Tesseract's library from an unpacked source tree, for one kind of processor; called by packaging/tesseract/build.
#
#   make -f library.mk source=FOLDER objects=FOLDER march=x86-64-v3 version=5.3.0 OUT.so.5
#
# Its own configure script would ask for autotools and for libraries that only its training tools and its reading of web
# addresses need; the library itself is all sources of these folders, in one set of flags.

ROOMS := api arch ccmain ccstruct ccutil classify cutil dict lstm opencl textord viewer wordrec
SOURCES := $(filter-out %neon.cpp,$(foreach r,$(ROOMS),$(wildcard $(source)/src/$(r)/*.cpp)))
OBJECTS := $(SOURCES:$(source)/src/%.cpp=$(objects)/%.o)
LEPTONICA := $(shell pkg-config --cflags lept)

# No contraction of a * b + c: every number is rounded as in Debian's library, so that words, boxes and confidences are the same.
FLAGS := -std=c++17 -O3 -march=$(march) -ffp-contract=off -fPIC -fno-semantic-interposition -fno-math-errno -DNDEBUG -w \
    -fstack-protector-strong -D_FORTIFY_SOURCE=2
# As Debian's, but: lines of text are handed on as pictures (AS_PIX), not as PNG; no debugging windows; no OpenMP; no archives
# and web addresses as input.
DEFINES := -DTESSERACT_IMAGEDATA_AS_PIX -DGRAPHICS_DISABLED -DFAST_FLOAT -DHAVE_TIFFIO_H -DHAVE_SSE4_1 -DHAVE_AVX \
    -DHAVE_AVX2 -DHAVE_FMA -DHAVE_AVX512F -DHAVE_AVX512VNNI -DPACKAGE_VERSION='"$(version)"' \
    -DTESSDATA_PREFIX='"/usr/share/tesseract-ocr/5"'
INCLUDES := -I$(objects)/include -I$(source)/include $(ROOMS:%=-I$(source)/src/%) $(LEPTONICA)

# Chosen at run time by what the processor has, as in Debian's.
more_dotproductavx512 := -mavx512f
more_intsimdmatrixvnni := -mavx512vnni -mavx512vl

%/libtesseract.so.5: $(OBJECTS)
	@mkdir -p $(@D)
	@g++ -shared -s -Wl,-soname,libtesseract.so.5 -Wl,-Bsymbolic -Wl,-z,defs,-z,relro,-z,now -o $@.new $(OBJECTS) -llept -lpthread
	@mv $@.new $@

$(objects)/%.o: $(source)/src/%.cpp $(objects)/include/tesseract/version.h
	@mkdir -p $(@D)
	@printf '  %-10s %3d of %d  %s\n' $(march) $$(($$(find $(objects) -name '*.o' | wc -l) + 1)) $(words $(OBJECTS)) $*
	@g++ $(FLAGS) $(DEFINES) $(INCLUDES) $(more_$(notdir $*)) -c $< -o $@.new
	@mv $@.new $@

$(objects)/include/tesseract/version.h: $(source)/include/tesseract/version.h.in
	@mkdir -p $(@D)
	@sed -e 's/@GENERIC_MAJOR_VERSION@/$(word 1,$(subst ., ,$(version)))/' -e 's/@GENERIC_MINOR_VERSION@/$(word 2,$(subst ., ,$(version)))/' \
	    -e 's/@GENERIC_MICRO_VERSION@/$(word 3,$(subst ., ,$(version)))/' -e 's/@PACKAGE_VERSION@/$(version)/' $< > $@

.SECONDARY:
