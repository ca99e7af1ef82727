# The command `fata`: tools/fata/*.c and the parts of the runtime that check boot arguments, for the
# build machine. `make fata` builds it into $(BUILD)/tools/. HOST_CC and FATA_VERSION are of config.mk.

FATA        := $(BUILD)/tools/fata
FATA_OBJ    := $(BUILD)/tools/obj/fata
FATA_CFLAGS := -std=gnu17 -O1 -g -D_GNU_SOURCE -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wcast-align \
               -Wvla -Wstrict-prototypes -Wpointer-arith -I. -Iarch/include -Iarch/host/include \
               -DFATA_VERSION='"$(FATA_VERSION)"'
FATA_LIBS   := -ljansson -lmd -lz

FATA_SOURCES := $(sort $(wildcard tools/fata/*.c)) \
                $(addprefix runtime/,args.c args_address.c args_check.c args_list.c args_number.c args_text.c \
                                     args_types.c) \
                base/crc32c.c base/err.c base/inet.c base/siphash.c base/text.c hal/kv_key.c hal/kv_table.c \
                $(filter-out %/start.c,$(sort $(wildcard storage/log/*.c)))
FATA_OBJECTS := $(FATA_SOURCES:%.c=$(FATA_OBJ)/%.o)

$(FATA_OBJ)/%.o: %.c tools/mk/fata.mk
	$(call say,HOSTCC,$<)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(FATA_CFLAGS) -MMD -MP -c -o $@ $<

$(FATA_OBJ)/tools/fata/main.o: tools/version

$(FATA): $(FATA_OBJECTS)
	$(call say,HOSTLD,$@)
	$(Q)$(HOST_CC) $(FATA_CFLAGS) -o $@ $^ $(FATA_LIBS)

-include $(FATA_OBJECTS:.o=.d)

fata: $(FATA)
.PHONY: fata
