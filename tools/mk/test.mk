# The tests, from the quickest to the slowest, and the checks of the source.

JOBS      ?= $(shell nproc)
TEST_JOBS ?= $(shell expr 3 '*' $(JOBS))

# What the emulator tests boot: all applications on each board, or those that its board.mk names.
EMU_BOARDS := $(BOARDS)
EMU_APPS   := $(APPS)
named_apps  = $(shell sed -n 's/^TESTED_APPS *:= *//p' boards/$(1)/board.mk)
# Applications that only the tests have.
EMU_OWN    := $(patsubst %/config.c,%,$(wildcard tests/emu/apps/*/config.c))
# Images ship with link-time optimization, which takes longer than all else. With it are linked all applications of the
# tree on one board of 64 bits and on the microcontrollers, which are measured there; on other boards those that have
# a compiler or a driver to themselves. A board that is not named has those of LTO_APPS. Those of the tests are about
# protocols and what stands on a disk: one has a file `lto` if it is about what becomes of it, or the only one that
# uses a driver, and `lto.boards` if that is so on some boards only. tests/emu/guest.py reads this, too.
LTO_BOARDS := mps2-an385 mps2-an386 mps2-an500 virt-aarch64
LTO_APPS   := hello web
# Their drivers are those of rpi3, and of mps2-an385 and virt-arm.
LTO_APPS_rpi2         := hello
LTO_APPS_rpi4         := hello
LTO_APPS_vexpress-a15 := hello
lto_apps    = $(if $(filter $(1),$(LTO_BOARDS)),$(EMU_APPS),$(filter $(or $(LTO_APPS_$(1)),$(LTO_APPS)),$(EMU_APPS)))
EMU_LTO     := $(patsubst %/lto,%,$(wildcard tests/emu/apps/*/lto))
# $(call lto_own,BOARD): of these, those with LTO there.
lto_own     = $(foreach a,$(EMU_LTO),$(if $(filter $(or $(file <$(a)/lto.boards),%),$(1)),$(a)))
# Folders of those that a board boots with DMA_CHECKS=1, too.
checked_apps = $(shell sed -n 's/^TESTED_DMA_CHECKS *:= *//p' boards/$(1)/board.mk)
# Those that need a device which not all boards have.
NEED_block    := tests/emu/apps/disk tests/emu/apps/diskcheck tests/emu/apps/partitions tests/emu/apps/cached
NEED_flash    := tests/emu/apps/flash
NEED_gpio     := tests/emu/apps/pins
NEED_watchdog := tests/emu/apps/watched
without     = $(foreach kind,block flash gpio watchdog,$(if $(shell grep -l '{"$(kind)", ' boards/$(1)/board.cfg.h),,$(NEED_$(kind))))
# An application of the tests may name the boards that it is for, in a file.
is_for      = $(filter $(or $(file <$(2)/boards),%),$(1))
# $(call tested,BOARD,APPS)
tested      = $(foreach app,$(filter-out $(call without,$(1)),$(2)),$(if $(and $(call is_for,$(1),$(app)),\
                $(filter $(or $(call named_apps,$(1)),%),$(notdir $(app)))),$(app)))

# One image after another. $(call build_images,BOARD,WORDS…): one call of make for each WORD.
define build_images
	+@for image in $(2); do $(MAKE) SETUP=0 BOARD=$(1) $$image all || exit 1; done
endef

# apps/web once more for each of its stores on a disk, each under a name of its own.
WEB_STORES_virt-aarch64 := fat tar kv
WEB_STORES_q35          := fat kv
define build_stores
	+@for store in $(WEB_STORES_$(1)); do $(MAKE) SETUP=0 BOARD=$(1) LTO= APP_DIR=apps/web \
	    APP=web-$$store KEYS=--files=$$store all || exit 1; done
endef

images-first: $(CONFIG_LIB) $(CONFIG_INDEX) | $(LIBFDT_SOURCE)/.unpacked
	@for board in $(EMU_BOARDS); do $(MAKE) -s SETUP=0 BOARD=$$board APP=hello newlib || exit 1; done

define build_board
	$(call build_images,$(1),$(addprefix APP=,$(call tested,$(1),$(call lto_apps,$(1)))))

endef

define build_test_board
	$(call build_images,$(1),$(addprefix APP_DIR=,$(call tested,$(1),$(call lto_own,$(1)))))
	$(call build_images,$(1) LTO=,$(addprefix APP_DIR=,$(call tested,$(1),$(filter-out $(call lto_own,$(1)),$(EMU_OWN)))))
	$(call build_images,$(1) LTO=,$(addprefix APP=,$(call tested,$(1),$(filter-out $(call lto_apps,$(1)),$(EMU_APPS)))))
	$(call build_stores,$(1))
	$(call build_images,$(1) DMA_CHECKS=1 LTO=,$(addprefix APP_DIR=,$(call checked_apps,$(1))))

endef

# Boards of one architecture share objects, so they are built one after another; architectures side by side.
# A board.mk that names none includes another's, and has a processor of its own.
arch_of    = $(or $(shell sed -n 's/^ARCH *:= *//p' boards/$(1)/board.mk),$(1))
EMU_ARCHES := $(sort $(foreach b,$(EMU_BOARDS),$(call arch_of,$(b))))
boards_of  = $(foreach b,$(EMU_BOARDS),$(if $(filter $(1),$(call arch_of,$(b))),$(b)))

$(EMU_ARCHES:%=images-%): images-%: images-first
	$(foreach b,$(call boards_of,$*),$(call build_board,$(b)))

$(EMU_ARCHES:%=test-images-%): test-images-%: images-%
	$(foreach b,$(call boards_of,$*),$(call build_test_board,$(b)))

# For a person, all as they ship.
images: LTO_BOARDS := $(EMU_BOARDS)
images: $(EMU_ARCHES:%=images-%)
test-images: $(EMU_ARCHES:%=test-images-%)

# Tests wait for timers and emulators most of the time: there is room for more of them than processors.
# Those of the configuration compiler calculate. What the make around them was told is not for theirs.
PYTEST = env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL $(PYTHON) -m pytest -q -rs -p no:cacheprovider -n $(1) --dist=loadgroup $(if $(K),-k $(call quote,$(K)))

# Programs that tests call and that are not installed.
$(BUILD)/test/prometheus $(BUILD)/test/xen:
	$(call say,UNPACK,$@)
	$(Q)tools/unpack-package $(if $(findstring xen,$@),xen-utils-4.17,prometheus) $@

# Without a network what needs it is left out, and says so.
test-qemu:
	@qemu-system-aarch64 -machine help 2> /dev/null | grep -q ^raspi4b || tools/fetch-qemu $(TOOLCHAIN)/qemu || \
	    echo 'Tests that boot images of rpi4 will be skipped.'

emu-ready: test-images test-qemu fata $(BUILD)/test/prometheus
emu: emu-ready
run-emu emu:
	@$(call PYTEST,$(TEST_JOBS)) tests/emu

# What a person types, and the same with sanitizers.
test-fata: fata
	@$(MAKE) -s SETUP=0 BUILD=$(BUILD)/fata-sanitize \
	    HOST_CC='$(HOST_CC) -fsanitize=address,undefined -fno-sanitize-recover=undefined' fata

test-config-ready: $(EMU_ARCHES:%=images-%) test-fata test-qemu $(BUILD)/test/xen
test-config: test-config-ready
run-test-config test-config:
	@$(call PYTEST,$(JOBS)) tests/config

check: $(CONFIG_MODULES_H)
	@tools/check $(BUILD)

format:
	@tools/sources c h | xargs clang-format -i

bench:
	@$(PYTHON) bench/bench.py $(BENCH)

bench-instructions:
	@$(PYTHON) bench/instructions.py $(BENCH)

# Each step with a job a processor, and what belongs together in one piece. Tests of the configuration
# compiler call make in the tree, where others boot what lies there: it finds that all is made.
test:
	$(TEST_MAKE) check unit fuzz emu-ready test-config-ready
	@echo "The configuration compiler's tests, beside those that boot images: some minutes."
	$(TEST_MAKE) run-test-config run-emu
TEST_MAKE = @+$(MAKE) SETUP=0 -j$(JOBS) --output-sync=target

.PHONY: images-first images test-images $(EMU_ARCHES:%=images-%) $(EMU_ARCHES:%=test-images-%) \
        test-fata test-qemu test-config test-config-ready run-test-config emu emu-ready run-emu check format bench bench-instructions test
