# Fata: every command that a person types. `make help` lists them.
#
# One invocation builds for one BOARD. Modules describe themselves in module.mk files, apps in
# app.mk, boards in board.mk; tools/mk/ turns those into rules. All output goes to build/.

BOARD  ?= virt-aarch64
APP    ?= web
SETUP  ?= 1
V      ?= 0
PYTHON ?= /usr/bin/python3

BUILD  := build
BOARDS := $(sort $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
APPS   := $(sort $(patsubst apps/%/app.mk,%,$(wildcard apps/*/app.mk)))

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:

# What each goal needs: nothing, the tests' packages, or (all others) those of a build.
GOALS       := $(or $(MAKECMDGOALS),all)
PLAIN_GOALS := help setup clean distclean
TEST_GOALS  := test unit emu fuzz check bench format images
BUILD_GOALS := $(filter-out $(PLAIN_GOALS) $(TEST_GOALS),$(GOALS))

include tools/mk/names.mk
include tools/mk/commands.mk
include tools/mk/modules.mk
ifneq ($(BUILD_GOALS),)
include tools/mk/build.mk
endif
ifneq ($(filter $(TEST_GOALS),$(GOALS)),)
include tools/mk/unit.mk
-include tools/mk/fuzz.mk
include tools/mk/test.mk
endif
