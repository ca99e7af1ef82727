# Fuzzing: libFuzzer under ASan and UBSan, on the build machine.
#
# Each file tests/fuzz/NAME.mk declares one fuzzer:
#
#   FUZZERS           += NAME
#   NAME_fuzz.modules := net/tcp base     the modules under test; their requirements are NOT followed
#   NAME_fuzz.sources := tests/fuzz/fuzz_NAME.c tests/fakes/b.c      paths from the root
#   NAME_fuzz.flags   := -max_len=4096    of libFuzzer, optional
#
# tests/fuzz/runtime.c (log, assert) is always linked. `make fuzz` runs each for FUZZ_RUNS inputs,
# beginning with tests/fuzz/corpus/NAME; `make fuzz F=NAME FUZZ_RUNS=-1 FUZZ_FLAGS=-max_total_time=60`
# runs one for a minute. What it finds stays under build/fuzz/.

FUZZERS :=
include $(wildcard tests/fuzz/*.mk)

FUZZ_RUNS  ?= 20000
FUZZ_SEED  ?= 1
FUZZ_FLAGS ?=
F          ?= $(FUZZERS)

FUZZ          := $(BUILD)/fuzz
FUZZ_CC       := clang
FUZZ_SANITIZE := address,undefined
FUZZ_CFLAGS    = -std=gnu17 -O1 -g -Wall -Wextra -Werror -Wshadow -Wcast-align -Wvla \
                 -Wstrict-prototypes -Wpointer-arith -fno-omit-frame-pointer \
                 -fno-sanitize-recover=undefined -I. -Iarch/include -Iarch/host/include -MMD -MP
FUZZ_ALWAYS   := tests/fuzz/runtime.c

ifneq ($(filter-out $(FUZZERS),$(F)),)
$(error There is no fuzzer "$(filter-out $(FUZZERS),$(F))". The fuzzers are: $(FUZZERS))
endif

$(FUZZ)/obj/%.o: %.c tools/mk/fuzz.mk
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZE) -c -o $@ $<

define fuzzer
$(1)_fuzz.objects := $$(patsubst %.c,$(FUZZ)/obj/%.o,$$(filter %.c,\
    $$(call module_sources,$$($(1)_fuzz.modules)) $$($(1)_fuzz.sources) $(FUZZ_ALWAYS)))
$(FUZZ)/$(1): $$($(1)_fuzz.objects)
	$$(call say,LINK,$$@)
	$$(Q)$(FUZZ_CC) $$(FUZZ_CFLAGS) -fsanitize=fuzzer,$(FUZZ_SANITIZE) -o $$@ $$^

run-fuzz-$(1): $(FUZZ)/$(1)
	@tests/fuzz/run $$< tests/fuzz/corpus/$(1) -runs=$(FUZZ_RUNS) -seed=$(FUZZ_SEED) \
	    -timeout=10 $$($(1)_fuzz.flags) $(FUZZ_FLAGS)
.PHONY: run-fuzz-$(1)
-include $$($(1)_fuzz.objects:.o=.d)
endef
$(foreach f,$(FUZZERS),$(eval $(call fuzzer,$(f))))

fuzz: $(addprefix run-fuzz-,$(F))

.PHONY: fuzz
