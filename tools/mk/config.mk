# The configuration compiler: what an application's config.c says becomes main.c and its companions.
#
# The compiler is a library (tools/config/lib) that is linked with config.c into a program, which is
# run (tools/mk/app.mk). The parts of the language that belong to modules are their *.cfg.h, found
# here. It checks values of boot arguments with the very code that images do.

HOST_CC     ?= cc
CONFIG_TOOL := $(BUILD)/tools/config
CONFIG_LIB  := $(CONFIG_TOOL)/libconfig.a
CFG_HEADERS := $(sort $(wildcard $(foreach d,base hal drivers runtime net storage crypto boards,\
               $(addprefix $(d)/,*.cfg.h */*.cfg.h */*/*.cfg.h))))

CONFIG_SOURCES := $(sort $(wildcard tools/config/lib/*.c)) \
                  $(addprefix runtime/,args.c args_address.c args_check.c args_list.c args_number.c \
                                       args_text.c args_types.c) \
                  base/err.c base/inet.c base/text.c
CONFIG_OBJECTS := $(CONFIG_SOURCES:%.c=$(CONFIG_TOOL)/%.o)
CONFIG_CFLAGS  := -std=gnu17 -O0 -pipe -Wall -Wno-override-init -I. -Iarch/include -Iarch/host/include \
                  -Itools/config/include -I$(CONFIG_TOOL)/include
# For a person's config.c: the message and its line, and nothing of the macros behind it.
CONFIG_PLAIN   := -Werror=implicit-function-declaration -ftrack-macro-expansion=0 -fno-diagnostics-show-caret

FATA_VERSION := $(shell cat tools/version)

CONFIG_MODULES_H := $(CONFIG_TOOL)/include/fata/modules.h
$(CONFIG_MODULES_H): tools/mk/config.mk FORCE
	$(shell mkdir -p $(@D))$(file >$@$(NEW))$(foreach h,$(CFG_HEADERS),$(file >>$@$(NEW),#include "$(h)"))
	$(call renew,$@)

$(CONFIG_TOOL)/%.o: %.c | $(CONFIG_MODULES_H)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(CONFIG_CFLAGS) -g -Wextra -Werror -MMD -MP -c -o $@ $<

# One object, of which only the language is visible: a config.c may have a check() or make() of its own.
$(CONFIG_LIB): $(CONFIG_OBJECTS)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(HOST_CC) -r -o $(@:.a=.o) $^
	$(Q)objcopy -w --keep-global-symbol='fata_*' --keep-global-symbol=main $(@:.a=.o)
	$(Q)ar rcs $@ $(@:.a=.o)

-include $(CONFIG_OBJECTS:.o=.d)

# --- boards and devices, without any application -----------------------------------------------

CONFIG_INDEX := $(CONFIG_TOOL)/index
$(CONFIG_INDEX): tools/config/index.c $(CONFIG_LIB) $(CONFIG_MODULES_H)
	$(Q)$(HOST_CC) $(CONFIG_CFLAGS) -MMD -MP -o $@ $< $(CONFIG_LIB)
-include $(CONFIG_INDEX).d

boards devices: $(CONFIG_INDEX)
	@$(CONFIG_INDEX) --print=$@

.PHONY: boards devices FORCE
FORCE:
