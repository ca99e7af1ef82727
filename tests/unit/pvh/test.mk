UNIT_TESTS       += pvh
pvh_test.modules :=
pvh_test.sources := tests/unit/pvh/test_pvh.c arch/x86_64/pvh.c

PVH_OBJECTS := $(patsubst %.c,$(BUILD)/unit/obj/%.o,$(pvh_test.sources))
$(PVH_OBJECTS): UNIT_FLAGS += -Iarch/x86_64/include
