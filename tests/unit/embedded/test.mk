UNIT_TESTS            += embedded
embedded_test.modules := base storage/embedded
embedded_test.sources := tests/unit/embedded/test_embedded.c

# What tools/embed.py makes of a small folder.
EMBEDDED_FIXTURE := tests/unit/embedded/files

$(BUILD)/unit/embedded: $(BUILD)/unit/obj/embedded_fixture.o

$(BUILD)/unit/obj/embedded_fixture.o: tools/embed.py $(shell find $(EMBEDDED_FIXTURE))
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/embed.py --name embedded_files --output $(@:.o=.S) $(EMBEDDED_FIXTURE)
	$(Q)$(UNIT_CC) -c -o $@ $(@:.o=.S)

# The same with compressed forms.
COMPRESSED_FIXTURE := tests/unit/embedded/compressed

$(BUILD)/unit/embedded: $(BUILD)/unit/obj/embedded_compressed.o

$(BUILD)/unit/obj/embedded_compressed.o: tools/embed.py $(shell find $(COMPRESSED_FIXTURE))
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/embed.py --gzip --name compressed_files --output $(@:.o=.S) $(COMPRESSED_FIXTURE)
	$(Q)$(UNIT_CC) -c -o $@ $(@:.o=.S)
