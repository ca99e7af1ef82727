# Fata: every command that a person types. `make help` lists them.
#
# One invocation builds for one BOARD. Modules describe themselves in module.mk files, apps in
# app.mk, boards in board.mk; tools/mk/ turns those into rules. All output goes to build/.

BOARD ?= virt-aarch64
APP   ?= web
V     ?= 0
PYTHON ?= /usr/bin/python3

ROOT  := $(CURDIR)
BUILD := build

BOARDS := $(sort $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
APPS   := $(sort $(patsubst apps/%/app.mk,%,$(wildcard apps/*/app.mk)))

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:

# Goals that need no board or app.
GENERAL_GOALS := help setup clean distclean check test unit emu fuzz bench format \
                 newlib libfdt

include tools/mk/names.mk
include tools/mk/commands.mk
ifneq ($(filter-out $(GENERAL_GOALS),$(or $(MAKECMDGOALS),all)),)
include tools/mk/build.mk
endif
include tools/mk/unit.mk
