# What each store's own test takes among its sources, with '=' in place of ':='.
KV_CONFORMANCE := $(addprefix tests/unit/kv_conformance/kv_conformance,.c _write.c _room.c)

UNIT_TESTS                  += kv_conformance
kv_conformance_test.modules := base hal storage/embedded
kv_conformance_test.sources  = tests/unit/kv_conformance/test_kv_conformance.c $(KV_CONFORMANCE) \
                               tests/fakes/kv_memory.c

KV_FILES := tests/unit/kv_conformance/files

$(BUILD)/unit/kv_conformance: $(BUILD)/unit/obj/kv_files.o

$(BUILD)/unit/obj/kv_files.o: tools/embed.py $(shell find $(KV_FILES))
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/embed.py --name kv_files_embedded --output $(@:.o=.S) $(KV_FILES)
	$(Q)$(UNIT_CC) -c -o $@ $(@:.o=.S)
