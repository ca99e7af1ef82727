UNIT_TESTS              += multiboot2
multiboot2_test.modules :=
multiboot2_test.sources := tests/unit/multiboot2/test_multiboot2.c arch/x86_64/loaders/multiboot2.c \
    arch/x86_64/pvh.c

MULTIBOOT2_OBJECTS := $(patsubst %.c,$(BUILD)/unit/obj/%.o,$(multiboot2_test.sources))
$(MULTIBOOT2_OBJECTS): UNIT_FLAGS += -Iarch/x86_64/include
