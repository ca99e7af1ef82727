# Checks of the names that a person gives, and small helpers.

# $(call quote,TEXT): one word for the shell, whatever is in it.
quote = '$(subst ','\'',$(1))'

define newline


endef

# $(call is,A,B): whether two texts are the same.
is = $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x))

# $(call stamp,TEXT): makes the target say TEXT, a line, and leaves it alone if it does, so that only a change
# of TEXT rebuilds what depends on it. Make itself reads the target, and stops if it cannot: of a part of the
# makefile that is written anew each time make would begin again for ever. (Of a long file it keeps the last newline.)
stamp = @$(if $(call is,$(1),$(subst $(newline),,$(file <$@))),:,mkdir -p $(@D) && printf '%s\n' $(call quote,$(1)) > $@)

# $(call renew,FILE): FILE$(NEW) becomes FILE, which is left alone if they are the same. The name is this
# make's own, as another one may do the same in the same tree.
NEW := .new$(shell echo $$PPID)
renew = @cmp -s $(1)$(NEW) $(1) && rm $(1)$(NEW) || mv $(1)$(NEW) $(1)

# Make would ignore what nobody reads. These nearly always are what is given; of others it is looked up.
COMMON_OPTIONS := APP APP_DIR ARGS BOARD BUILD K SETUP T TOOLCHAIN V -*-command-variables-*-
given := $(foreach v,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(v)))),$(v)))
$(foreach v,$(filter-out $(COMMON_OPTIONS),$(given)),$(if $(shell grep -lw -e '$(v)' Makefile tools/mk/*.mk \
    arch/*/arch.mk boards/*/board.mk),,$(error There is no option "$(v)"; make help lists them)))

ifneq ($(BUILD_GOALS),)
ifeq ($(filter $(BOARD),$(BOARDS)),)
$(error There is no board "$(BOARD)". The boards are: $(BOARDS))
endif
ifdef APP_DIR
override APP_DIR := $(abspath $(APP_DIR))
APP_PREFIX :=
ifeq ($(wildcard $(APP_DIR)/config.c),)
$(error There is no config.c in $(APP_DIR))
endif
else
APP_DIR    := apps/$(APP)
APP_PREFIX := apps/$(APP)/
ifeq ($(filter $(APP),$(APPS)),)
$(error There is no app "$(APP)". The apps are: $(APPS))
endif
endif
endif

# Files of an application outside the tree are shown by their paths from its folder.
shown = $(if $(filter /%,$(APP_DIR)),$(subst $(APP_DIR)/,,$(1)),$(1))

# $(call say,VERB,WHAT): one calm line for each step; V=1 shows the commands instead.
ifeq ($(V),0)
Q := @
say = @printf '  %-8s %s\n' '$(1)' '$(call shown,$(2))';
else
Q :=
say =
endif

# Missing packages are installed before anything else, since the rules themselves ask the compilers
# for their paths. SETUP=0 leaves that to you.
ifeq ($(SETUP),1)
needs := $(if $(filter $(TEST_GOALS),$(GOALS)),test,$(if $(filter-out $(PLAIN_GOALS),$(GOALS)),run))
ifneq ($(needs),)
$(shell tools/setup $(needs) >&2)
ifneq ($(.SHELLSTATUS),0)
$(error The packages that make needs could not be installed; see above)
endif
endif
endif
