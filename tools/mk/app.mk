# From an application's config.c to the sources of its image, in $(GEN): main.c, keys.c, modules.mk and
# others. modules.mk is included, so make runs the configuration compiler before anything else.

GEN := $(OUT)/$(APP)

# One for all boards: which it is, it is told.
CONFIG_PROGRAM := $(CONFIG_TOOL)/of$(if $(APP_PREFIX),,-others)/$(APP_DIR:/%=%)/config
CONFIG_RUN      = $(CONFIG_PROGRAM) --board=$(BOARD) --out=$(GEN) --app-dir=$(APP_DIR) --tree=. --prefix=$(APP_PREFIX) \
                  --machine=$(OUT)/machine.json --version=$(FATA_VERSION)

# What the board's emulator is told: a part of the manifest.
define machine_json
{
    "cross": "$(CROSS)",
    "qemu": "$(QEMU)",
    "machine": "$(QEMU_MACHINE)",
    "machine_kvm": "$(QEMU_KVM)",
    "kernel": "$(QEMU_KERNEL)",
    "devices": "$(QEMU_DEVICES)",
    "net": "$(QEMU_NET)",
    "exit": "$(QEMU_EXIT)",
    "exit_is_odd": "$(QEMU_EXIT_IS_ODD)",
    "memory": "$(QEMU_MEM)"$(QEMU_NEEDS:%=, "needs": "%")$(QEMU_ARGS:%=, "arguments": "%")$(QEMU_DISK:%=, "disk": "%")
  }
endef

$(OUT)/machine.json: FORCE
	$(shell mkdir -p $(@D))$(file >$@$(NEW),$(machine_json))
	$(call renew,$@)

$(GEN)/settings: FORCE
	$(call stamp,keys: $(KEYS))

# Whose output this is: another folder of the same name is another application.
$(GEN)/folder: FORCE
	$(call stamp,$(APP_DIR))

# Under another name at first, as one who builds for another board at the same time runs it.
$(CONFIG_PROGRAM): $(APP_DIR)/config.c $(CONFIG_LIB) $(CONFIG_MODULES_H)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(CONFIG_CFLAGS) $(CONFIG_PLAIN) -fmacro-prefix-map=$(APP_DIR)/= -MMD -MP -MT $@ -MF $@.d$(NEW) \
	    -o $@$(NEW) $< $(CONFIG_LIB) && mv $@.d$(NEW) $@.d && mv $@$(NEW) $@ || { rm -f $@.d$(NEW); exit 1; }

-include $(CONFIG_PROGRAM).d

$(GEN)/modules.mk: $(CONFIG_PROGRAM) $(GEN)/folder $(OUT)/machine.json $(GEN)/settings tools/version
	$(call say,CONFIG,$(APP_DIR)/config.c)
	$(Q)$(CONFIG_RUN) -- $(KEYS)
	@touch $@

# Written by the same run, and left alone if they already say the same.
$(GEN)/main.c $(GEN)/keys.c $(GEN)/manifest.json: | $(GEN)/modules.mk ;

ifneq ($(filter-out $(CONFIG_GOALS),$(BUILD_GOALS)),)
# There from the start, so that a config.c with faults is told about once, and not as a missing file.
$(if $(wildcard $(GEN)/modules.mk),,$(shell mkdir -p $(GEN) && touch -d @0 $(GEN)/modules.mk))
include $(GEN)/modules.mk
endif

configure: $(GEN)/modules.mk

FORMAT ?= tree
describe: $(CONFIG_PROGRAM) $(OUT)/machine.json
	@$(CONFIG_RUN) --print=$(call quote,$(FORMAT)) -- $(KEYS)

keys: $(CONFIG_PROGRAM) $(OUT)/machine.json
	@$(CONFIG_RUN) --print=keys -- $(KEYS)

.PHONY: configure describe keys
