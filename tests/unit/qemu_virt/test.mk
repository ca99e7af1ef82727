UNIT_TESTS             += qemu_virt
qemu_virt_test.modules :=
qemu_virt_test.sources := tests/unit/qemu_virt/test_machine.c tests/unit/qemu_virt/libfdt.c \
                          tests/unit/qemu_virt/libfdt_rw.c \
                          tests/unit/qemu_virt/tree.c boards/soc/qemu-virt/machine.c \
                          boards/tree/tree.c boards/tree/tree_memory.c base/text.c

# libfdt's source is fetched for the boards; here it is compiled for the build machine.
ifndef LIBFDT_SOURCE
include tools/mk/libfdt.mk
endif
QEMU_VIRT_OBJECTS := $(patsubst %.c,$(BUILD)/unit/obj/%.o,$(qemu_virt_test.sources))
$(QEMU_VIRT_OBJECTS): UNIT_FLAGS += -isystem $(LIBFDT_SOURCE) -DFDT_ASSUME_MASK=4
$(QEMU_VIRT_OBJECTS): | $(LIBFDT_SOURCE)/.unpacked
