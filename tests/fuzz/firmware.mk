FUZZERS               += firmware
firmware_fuzz.modules := drivers/acpi drivers/pci drivers/virtio/pci base
firmware_fuzz.sources := tests/fuzz/fuzz_firmware.c tests/fakes/acpi_fake.c \
                         arch/x86_64/loaders/multiboot2.c arch/x86_64/pvh.c
firmware_fuzz.flags   := -max_len=4096

FIRMWARE_FUZZ_OBJECTS := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,tests/fuzz/fuzz_firmware.c \
                         arch/x86_64/loaders/multiboot2.c arch/x86_64/pvh.c)
$(FIRMWARE_FUZZ_OBJECTS): FUZZ_CFLAGS += -Iarch/x86_64/include
