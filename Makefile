# Fata: every command that a person types. `make help` lists them.
#
# One invocation builds for one BOARD. Modules describe themselves in module.mk files, boards in
# board.mk, applications in config.c; tools/mk/ turns those into rules. All output goes to build/.

BOARD  ?= virt-aarch64
# An application of the tree by its name, or any by its folder.
ifdef APP_DIR
APP    ?= $(notdir $(patsubst %/,%,$(APP_DIR)))
else
APP    ?= web
endif
# Values of its keys: "--port=8080 --loud".
KEYS   ?=
SETUP  ?= 1
V      ?= 0
PYTHON ?= /usr/bin/python3

BUILD     ?= build
# However a folder of the tree is written, it is the same one, and what was linked there stays.
override BUILD := $(patsubst $(CURDIR)/%,%,$(abspath $(BUILD)))
TOOLCHAIN ?= $(BUILD)/toolchain

BOARDS := $(sort $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
APPS   := $(sort $(patsubst apps/%/config.c,%,$(wildcard apps/*/config.c)))

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:

# What each goal needs: nothing, the tests' packages, or (all others) those of a build.
GOALS       := $(or $(MAKECMDGOALS),all)
PLAIN_GOALS := help setup qemu clean distclean uninstall
CONFIG_GOALS := configure describe keys
TOOL_GOALS  := boards devices fata install
TEST_GOALS  := test unit fuzz test-fata test-config test-config-ready run-test-config emu emu-ready run-emu \
               check bench bench-instructions format images test-images
BUILD_GOALS := $(filter-out $(PLAIN_GOALS) $(TOOL_GOALS) $(TEST_GOALS),$(GOALS))

include tools/mk/names.mk
include tools/mk/commands.mk
include tools/mk/modules.mk
include tools/mk/config.mk
include tools/mk/fata.mk
include tools/mk/install.mk
ifneq ($(BUILD_GOALS),)
include tools/mk/build.mk
endif
ifneq ($(filter $(TEST_GOALS),$(GOALS)),)
include tools/mk/unit.mk
-include tools/mk/fuzz.mk
include tools/mk/test.mk
endif
