# Unit tests: the real source with fakes, on the build machine, under ASan and UBSan.
#
# Each folder tests/unit/NAME has a test.mk:
#
#   UNIT_TESTS        += NAME
#   NAME_test.modules := net/tcp base     the modules under test; their requirements are NOT followed
#   NAME_test.sources := tests/unit/NAME/a.c tests/fakes/b.c      paths from the root
#   NAME_test.without := base/x.c         optional: sources of these modules that a fake stands for
#   NAME_test.flags   := -DSMALL          optional: has all of it compiled anew with these
#   NAME_test.variant := small            those with the same flags may share what is compiled, under one name
#   NAME_test.rig     := -DRIG_SMALL      optional, a word: has what lies in tests/ compiled anew with this, once for
#                                         all that say the same
#
# tests/fakes/runtime.c (log, assert) and hal/irq.c are always linked. `make unit` runs all,
# `make unit T=NAME` one. JOBS of them run at a time.

UNIT_TESTS :=
include $(wildcard tests/unit/*/test.mk)

UNIT      := $(BUILD)/unit
UNIT_CC   := gcc
# Lines for backtraces; UNIT_DEBUG=-g has variables for a debugger, too, and takes a quarter longer.
UNIT_DEBUG ?= -g1
UNIT_FLAGS = -std=gnu17 -Og $(UNIT_DEBUG) -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wcast-align \
             -Wvla -Wstrict-prototypes -Wpointer-arith -fno-omit-frame-pointer \
             -fsanitize=address,undefined -fno-sanitize-recover=undefined \
             -I. -Iarch/include -Iarch/host/include -MMD -MP
UNIT_ALWAYS := tests/fakes/runtime.c hal/irq.c

rig_folder = obj$(subst =,-,$(1))

# $(call unit_objects,FOLDER,FLAGS)
define unit_objects
$(UNIT)/$(1)/%.o: %.c tools/mk/unit.mk
	@mkdir -p $$(@D)
	$$(Q)$$(UNIT_CC) $$(UNIT_FLAGS) $(2) -c -o $$@ $$<
endef
# Those of a rig may have no use for some functions of the tests.
$(eval $(call unit_objects,obj))
$(foreach r,$(sort $(foreach t,$(UNIT_TESTS),$($(t)_test.rig))),$(eval $(call unit_objects,$(call rig_folder,$(r)),$(r) -Wno-unused)))

# Of tests with flags of their own: of the first of each variant's.
define variant_objects
VARIANTS += $(1)
$(call unit_objects,obj-$(1),$(2))
endef
VARIANTS :=
variant_of = $(or $($(1)_test.variant),$(1))

define unit_test
$(if $($(1)_test.flags),$(if $(filter $(call variant_of,$(1)),$(VARIANTS)),,$(call variant_objects,$(call variant_of,$(1)),$($(1)_test.flags))))
$(1)_test.objects := $$(patsubst %.c,$(UNIT)/obj$(if $($(1)_test.flags),-$(call variant_of,$(1)))/%.o,$$(filter %.c,\
    $$(filter-out $$($(1)_test.without),$$(call module_sources,$$($(1)_test.modules))) $$($(1)_test.sources) $(UNIT_ALWAYS)))
$(if $($(1)_test.rig),$(1)_test.objects := $$(patsubst $(UNIT)/obj/tests/%,$(UNIT)/$(call rig_folder,$($(1)_test.rig))/tests/%,$$($(1)_test.objects)))
$(UNIT)/$(1): $$($(1)_test.objects)
	$$(call say,LINK,$$@)
	$$(Q)$$(UNIT_CC) $$(UNIT_FLAGS) -o $$@ $$^ -lcmocka
-include $$($(1)_test.objects:.o=.d)
endef
$(foreach t,$(UNIT_TESTS),$(eval $(call unit_test,$(t))))

T ?= $(UNIT_TESTS)
ifneq ($(filter-out $(UNIT_TESTS),$(T)),)
$(error There is no unit test "$(filter-out $(UNIT_TESTS),$(T))". The unit tests are: $(UNIT_TESTS))
endif

# All of them, whatever becomes of the first.
unit: $(addprefix $(UNIT)/,$(T))
	@printf '%s\n' $(addprefix $(UNIT)/,$(T)) | xargs -n 1 -P $(JOBS) tests/unit/run

.PHONY: unit
