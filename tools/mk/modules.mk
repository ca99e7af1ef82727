# The modules of the tree. A folder with sources has a module.mk, which says, for module M (its path):
#
#   MODULES    += M
#   M.sources  := a.c b.S          relative to the folder
#   M.requires := base hal net/ip  what it includes from and links with
#   M.cflags   := …                optional
#
# Requirements are followed transitively when an image is linked, and `make check` holds every
# include against them.

MODULES :=
include $(wildcard $(foreach d,base hal arch drivers runtime net storage crypto boards,\
          $(d)/module.mk $(d)/*/module.mk $(d)/*/*/module.mk))

# $(call closure,MODULES): them and all that they require.
closure = $(call closure_step,$(sort $(1)),$(sort $(1) $(foreach m,$(1),$($(m).requires))))
closure_step = $(if $(filter-out $(1),$(2)),$(call closure,$(2)),$(1))

# $(call module_sources,MODULES): their sources as paths from the root.
module_sources = $(foreach m,$(1),$(addprefix $(m)/,$($(m).sources)))
