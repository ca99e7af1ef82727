# Checks of the names that a person gives, and small helpers.

# A list on one indented line, for messages.
indent = $(foreach n,$(1),$(newline)    $(n))
define newline


endef

ifeq ($(filter $(BOARD),$(BOARDS)),)
$(error There is no board "$(BOARD)". The boards are:$(call indent,$(BOARDS))$(newline))
endif
ifeq ($(filter $(APP),$(APPS)),)
$(error There is no app "$(APP)". The apps are:$(call indent,$(APPS))$(newline))
endif

# $(call say,VERB,WHAT): one calm line for each step; V=1 shows the commands instead.
ifeq ($(V),0)
Q := @
say = @printf '  %-8s %s\n' '$(1)' '$(2)';
else
Q :=
say =
endif
