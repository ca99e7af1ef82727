FUZZERS           += boot
boot_fuzz.modules :=
boot_fuzz.sources := tests/fuzz/fuzz_boot.c tests/unit/qemu_virt/libfdt.c \
                     tests/unit/qemu_virt/libfdt_rw.c tests/unit/qemu_virt/tree.c \
                     boards/soc/qemu-virt/machine.c boards/tree/tree.c boards/tree/tree_memory.c \
                     boards/tree/atags.c boards/soc/microvm/devices.c base/text.c
boot_fuzz.flags   := -max_len=2048

# libfdt's source is fetched for the boards; here it is compiled for the build machine.
ifndef LIBFDT_SOURCE
include tools/mk/libfdt.mk
endif
BOOT_FUZZ_OBJECTS := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(boot_fuzz.sources))
$(BOOT_FUZZ_OBJECTS): FUZZ_CFLAGS += -isystem $(LIBFDT_SOURCE) -DFDT_ASSUME_MASK=4
$(BOOT_FUZZ_OBJECTS): | $(LIBFDT_SOURCE)/.unpacked
