# Building one image: build/$(BOARD)/$(APP)/$(APP).elf and what the board makes of it.

include boards/$(BOARD)/board.mk
include arch/$(ARCH)/arch.mk
include tools/mk/newlib.mk

SANITIZE   ?= 0
DMA_CHECKS ?= 0
# One partition: with several, the linker keeps apart what could be shared between them.
LTO ?= -flto=auto -flto-partition=one -fno-fat-lto-objects
VARIANT := $(if $(filter 1,$(SANITIZE)),-sanitize)$(if $(filter 1,$(DMA_CHECKS)),-dma-checks)$(if $(LTO),,-no-lto)
OUT := $(BUILD)/$(BOARD)$(VARIANT)
IMG := $(OUT)/$(APP)/$(APP)

# Where code reaches near variables at less expense (CFLAGS_NEAR), an image whose variables turn out to
# be far is marked as one, and built from objects without that.
FAR      := $(if $(CFLAGS_NEAR),$(OUT)/$(APP)/far)
FAR_MADE := $(wildcard $(FAR))

include tools/mk/app.mk

# Objects of the tree's sources are for all boards with this processor: their flags are the same. On a small
# board those of images without counters (WITHOUT_COUNTERS), or of no more than a minimal IPv4 (PLAIN_IPV4),
# are others: their structures have no room for what is not there.
SMALLER := $(if $(BOARD_IS_SMALL),$(APP_VARIANT))
objects_for = $(BUILD)/obj/$(ARCH)$(ARCH_CPU:%=-%)$(if $(BOARD_IS_SMALL),-small)$(1)$(if $(FAR_MADE),-far)$(subst $(empty) ,,$(SMALLER:%=-%))
OBJ     := $(call objects_for,$(VARIANT))
# With DMA_CHECKS=1 only of modules that hand memory to devices.
OBJ_ALL := $(call objects_for,$(subst -dma-checks,,$(VARIANT)))

CC      := $(CROSS)gcc
OBJCOPY := $(CROSS)objcopy
SIZE    := $(CROSS)size
NM      := $(CROSS)gcc-nm

# --- flags -------------------------------------------------------------------------------------

# Small first; a module whose speed matters more than its size says -O2 in its M.cflags.
OPTIMIZE ?= -Os
# The compiler need not think which way is the likely one, and writes each prologue once.
ifeq ($(OPTIMIZE),-Os)
CFLAGS_SIZE := -fno-guess-branch-probability -fno-move-loop-invariants -fno-shrink-wrap $(CFLAGS_SMALL)
endif
# A board of a few dozen KiB: nothing is copied there for speed, and tables are shorter.
ifneq ($(BOARD_IS_SMALL),)
CFLAGS_BOARD := -DBOARD_IS_SMALL $(SMALLER:%=-D%)
# What is there to be counted, and tables that have no entries there.
CFLAGS_BOARD += $(if $(SMALLER),-Wno-unused-parameter -Wno-unused-variable -Wno-type-limits -Wno-array-bounds)
endif
# Backtraces follow frame pointers, except where arch.mk says that they do not.
FRAME_POINTER ?= -fno-omit-frame-pointer
# Functions that have an array of bytes on their stack, alone or in a structure, and not all those, too,
# that merely have the address of a variable taken: a page of parsers has hardly one that has not, and a
# twenty-fifth of an image were checks of frames that have nothing to overflow. Of an application's own
# functions it guards those as well. Those of the tree that have an array of char are GUARDED.
STACK_PROTECTOR := -fstack-protector --param=ssp-buffer-size=1
# However large both are, what is called once is part of its caller.
INLINING := --param=large-function-insns=100000 --param=large-stack-frame=4096
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wcast-align -Wvla \
            -Wstrict-prototypes -Wpointer-arith
INCLUDES := -I. -Iarch/include -Iarch/$(ARCH)/include

# Images are the same wherever the tree lies. The assembler knows only the older of the two options.
SAME_TREE := -ffile-prefix-map=$(CURDIR)=. -fdebug-prefix-map=$(CURDIR)=.

# gcc 12 takes stores for dead that are read: what ipa-modref notes of a function's loads can have the
# wrong offset if they go through a pointer to a member (memset() of an array in a structure, by a local
# pointer, then a store to its first word, is enough). Callers then leave the stores out.
SOUND := -fno-ipa-modref

CFLAGS_ALL = -std=gnu17 $(OPTIMIZE) -g $(WARNINGS) $(INCLUDES) $(CFLAGS_ARCH) $(CFLAGS_BOARD) $(CFLAGS_LIBC) \
             $(if $(FAR_MADE),,$(CFLAGS_NEAR)) \
             -ffunction-sections -fdata-sections -fno-common $(FRAME_POINTER) \
             -fno-strict-aliasing $(SOUND) -fno-jump-tables $(STACK_PROTECTOR) $(INLINING) -fstack-usage $(SAME_TREE) $(LTO)
# Beside the image, what calls what and needs how much of a stack (make stack).
CALLS := $(if $(LTO),-fcallgraph-info=su)
LDFLAGS_ALL = $(CFLAGS_ALL) $(LDFLAGS_ARCH) $(CALLS) -Wl,--gc-sections -Wl,-Map=$(IMG).map \
              -Wl,--fatal-warnings

ifneq ($(LIBC),host)
CFLAGS_ALL += -DASSERT_TRAPS
endif

# Memory that devices reach is watched (drivers/dma/dma_sync).
ifeq ($(DMA_CHECKS),1)
CFLAGS_CHECKS := -DDMA_CHECKS
endif

ifeq ($(SANITIZE),1)
ifneq ($(LIBC),host)
$(error SANITIZE=1 needs BOARD=host: the sanitizers run on an operating system)
endif
CFLAGS_ALL += -fsanitize=address,undefined -fno-sanitize-recover=undefined
LTO :=
endif

# --- what goes in ------------------------------------------------------------------------------

IMAGE_CLOSURE := $(call closure,$(APP_MODULES) $(BOARD_MODULES) arch/$(ARCH) runtime)
# The C library's malloc() is over the heap, where there is one, unless config.c does without.
IMAGE_MODULES := $(IMAGE_CLOSURE) $(if $(APP_WITHOUT_MALLOC),,$(if $(filter runtime/heap,$(IMAGE_CLOSURE)),\
                 $(if $(filter host,$(LIBC)),,runtime/newlib/malloc)))
IMAGE_SOURCES := $(call module_sources,$(IMAGE_MODULES))
IMAGE_CHECKED := $(if $(CFLAGS_CHECKS),$(foreach m,$(IMAGE_MODULES),$(if $(filter drivers/dma/dma_sync,$(call closure,$(m))),$(m))))
objects_of     = $(patsubst %,$(if $(filter $(1),$(IMAGE_CHECKED)),$(OBJ),$(OBJ_ALL))/%.o,$(call module_sources,$(1)))

# The application: what lies in its folder, what its devices name besides, and what was generated.
APP_FOUND     := $(filter-out config.c,$(notdir $(wildcard $(APP_DIR)/*.c)))
IMAGE_OBJECTS := $(foreach m,$(IMAGE_MODULES),$(call objects_of,$(m))) $(patsubst %,$(GEN)/app/%.o,$(sort $(APP_FOUND) $(APP_SOURCES))) \
                 $(GEN)/main.c.o $(GEN)/keys.c.o

unknown := $(filter-out $(MODULES),$(IMAGE_MODULES))
ifneq ($(unknown),)
$(error $(APP) on $(BOARD) requires modules that do not exist: $(unknown))
endif

define module_flags
$(call objects_of,$(1)): CFLAGS_MODULE := $($(1).cflags)
endef
$(foreach m,$(IMAGE_MODULES),$(if $($(m).cflags),$(eval $(call module_flags,$(m)))))

# Of all modules, since applications share their objects.
MODULE_FLAGS := $(foreach m,$(sort $(MODULES)),$($(m).cflags))

# Files that the application embeds, FOLDER:SYMBOL[:gzip]: each folder becomes one object with their bytes.
define embed
# Folders too: they change when a file goes. Names that make could not handle tools/embed.py refuses.
$(GEN)/$(2).S: tools/embed.py $(GEN)/$(2).how $$(shell find $(APP_DIR)/$(1) ! -name '*[^A-Za-z0-9._-]*' | LC_ALL=C sort)
	$$(call say,EMBED,$(APP_PREFIX)$(1))
	$$(Q)$$(PYTHON) tools/embed.py $(3:%=--%) --name $(2) --output $$@ $(APP_DIR)/$(1)
$(GEN)/$(2).how: FORCE
	$$(call stamp,$(1) $(3))
IMAGE_OBJECTS += $(GEN)/$(2).S.o
endef
$(foreach e,$(APP_EMBED),$(eval $(call embed,$(word 1,$(subst :, ,$(e))),$(word 2,$(subst :, ,$(e))),$(word 3,$(subst :, ,$(e))))))

# --- rules -------------------------------------------------------------------------------------

# Under another name at first: one who builds for another board at the same time sees a whole file or none.
define compile_shared
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(CFLAGS_OBJ) $(CFLAGS_SIZE) $(CFLAGS_MODULE) -MMD -MP -MT $@ -MF $(@:.o=.d)$(NEW) -c -o $@$(NEW) $< && \
	    mv $(@:.o=.d)$(NEW) $(@:.o=.d) && mv $@$(NEW) $@
endef

# $(call shared_objects,FOLDER,FLAGS). Changed flags rebuild; unchanged ones do not.
define shared_objects
$(1)/flags: FORCE | $(LIBC_READY)
	$$(call stamp,$$(CC) $$(CFLAGS_ALL)$(2:%= %) $$(CFLAGS_SIZE) $$(MODULE_FLAGS))

$(1)/%.o: CFLAGS_OBJ := $(2)

$(1)/%.c.o: %.c $(1)/flags
	$$(call say,CC,$$<)
	$$(compile_shared)

$(1)/%.S.o: %.S $(1)/flags
	$$(call say,AS,$$<)
	$$(compile_shared)
endef
$(eval $(call shared_objects,$(OBJ),$(CFLAGS_CHECKS)))
$(if $(CFLAGS_CHECKS),$(eval $(call shared_objects,$(OBJ_ALL))))
FLAGS_STAMP := $(OBJ)/flags

# The application's own sources and the generated ones see the generated headers. Paths in messages of
# the image and in debug information do not depend on where the application and $(BUILD) lie.
$(GEN)/%: CFLAGS_MODULE = -I$(GEN) -iquote $(APP_DIR) $(SAME_PATHS)
$(GEN)/app/%: STACK_PROTECTOR := -fstack-protector-strong
SAME_PATHS = -ffile-prefix-map=$(APP_DIR)/=$(APP_PREFIX) -ffile-prefix-map=$(BUILD)/=build/

# The flags of far objects may be older, of another application.
$(GEN)/app/%.c.o: $(APP_DIR)/%.c $(FLAGS_STAMP) $(FAR_MADE) $(GEN)/folder
	$(call say,CC,$(APP_PREFIX)$*.c)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(CFLAGS_CHECKS) $(CFLAGS_SIZE) $(CFLAGS_MODULE) -MMD -MP -c -o $@ $<

$(GEN)/%.c.o: $(GEN)/%.c $(FLAGS_STAMP) $(FAR_MADE)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS_ALL) $(CFLAGS_CHECKS) $(CFLAGS_SIZE) $(CFLAGS_MODULE) -MMD -MP -c -o $@ $<

$(GEN)/%.S.o: $(GEN)/%.S $(FLAGS_STAMP) $(FAR_MADE)
	$(Q)$(CC) $(CFLAGS_ALL) $(SAME_PATHS) -c -o $@ $<

# Its text is a note in the ELF file.
$(GEN)/main.c.o: $(GEN)/manifest.json

-include $(IMAGE_OBJECTS:.o=.d)

# Where memory is scarce the boot stack is as small as the board says if that is enough. Whether it is only
# the linked image shows: one that needs more has a file that says how much, and is linked once more. Without
# link-time optimization nobody can tell.
ifneq ($(BOARD_IS_SMALL),)
BOOT_STACK       := $(if $(CALLS),$(OUT)/$(APP)/boot-stack)
BOOT_STACK_NEEDS := $(if $(CALLS),$(if $(wildcard $(BOOT_STACK)),$(file <$(BOOT_STACK))),8192)
endif

# The linker script is a template of the architecture, run through the preprocessor with the
# board's memory.h, which may ask whether the image has an event loop.
ifneq ($(LINKER_SCRIPT),)
IMAGE_SCRIPT := $(OUT)/$(APP)/image.ld
IMAGE_HAS    := $(if $(filter runtime/loop,$(IMAGE_CLOSURE)),-DIMAGE_HAS_LOOP) $(BOOT_STACK_NEEDS:%=-DBOOT_STACK_NEEDS=%)
$(IMAGE_SCRIPT): $(LINKER_SCRIPT) $(wildcard linker/*.h boards/$(BOARD)/memory.h boards/soc/*/memory_map.h) \
                 $(FLAGS_STAMP) $(OUT)/$(APP)/link
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -x c $(INCLUDES) -Iboards/$(BOARD) $(IMAGE_HAS) -o $@ $<
endif

# What the image may take, in bytes, 0 for no limit: what the board has, where it is no process.
FLASH_BYTES ?= $(APP_FLASH_LIMIT)
RAM_BYTES   ?= $(if $(LINKER_SCRIPT),$(APP_RAM_LIMIT),0)

LINK_STAMP := $(OUT)/$(APP)/link
$(LINK_STAMP): FORCE
	$(call stamp,$(CALLS) $(IMAGE_OBJECTS) flash $(FLASH_BYTES) memory $(RAM_BYTES) boot stack $(BOOT_STACK_NEEDS))

find_stacks = $(PYTHON) tools/stack.py --nm=$(CROSS)nm --roots='$(STACK_ROOTS)' --manifest=$(GEN)/manifest.json \
              --source=$(GEN) --source=$(APP_DIR)

# tools/link.py says what is too large, and for what; with status 3, that variables are far. An image whose stacks
# do not suit it is none.
$(IMG).elf: $(IMAGE_OBJECTS) $(IMAGE_SCRIPT) $(LINK_STAMP)
	$(call say,LINK,$@)
	$(Q)$(PYTHON) tools/link.py $(if $(FAR_MADE),,$(FAR:%=--near)) --flash=$(FLASH_BYTES) --memory=$(RAM_BYTES) --nm=$(CROSS)nm \
	    --manifest=$(GEN)/manifest.json --line=$(APP_PREFIX)$(APP_LINE) $(BOOT_STACK:%/boot-stack=--keep=%/lto) --output=$@ -- \
	    $(CC) $(LDFLAGS_ALL) $(if $(IMAGE_SCRIPT),-T $(IMAGE_SCRIPT)) \
	    $(IMAGE_OBJECTS) $(LIBS_ARCH) $(LIBS_LIBC) \
	    $(if $(FAR_MADE),,$(FAR:%=|| { test $$? = 3 && touch $(FAR) && $(MAKE) --no-print-directory $@; })) \
	    $(BOOT_STACK:%=|| { rm -f %; exit 1; })
	$(if $(BOOT_STACK),$(Q)$(find_stacks) --fit=$(BOOT_STACK) --line=$(APP_PREFIX)$(APP_LINE) $@ || \
	    { status=$$?; rm -f $@; test $$status = 3 && $(MAKE) --no-print-directory $@; })

no_format := $(filter-out .bin .hex .img .uf2,$(IMAGE_FORMATS))
ifneq ($(no_format),)
$(error IMAGE_FORMATS: $(no_format): expected some of .bin, .hex, .img and .uf2)
endif

$(IMG).bin $(IMG).img: $(IMG).elf
	$(call say,IMAGE,$@)
	$(Q)$(OBJCOPY) -O binary $< $@

$(IMG).hex: $(IMG).elf
	$(call say,IMAGE,$@)
	$(Q)$(OBJCOPY) -O ihex $< $@

# What it is made from does not know for which processor.
$(IMG).uf2: $(IMG).elf tools/uf2.py $(OUT)/$(APP)/uf2-family
	$(call say,IMAGE,$@)
	$(Q)$(PYTHON) tools/uf2.py --family=$(call quote,$(UF2_FAMILY)) $< $@
$(OUT)/$(APP)/uf2-family: FORCE
	$(call stamp,$(UF2_FAMILY))

all: $(IMG).elf $(addprefix $(IMG),$(IMAGE_FORMATS))

.PHONY: all

# --- running -----------------------------------------------------------------------------------

RUN_OPTIONS = --port=$(call quote,$(PORT)) --args=$(call quote,$(ARGS)) --mem=$(call quote,$(MEM)) \
              --tap=$(call quote,$(TAP)) --kvm=$(call quote,$(KVM)) --pcap=$(call quote,$(PCAP)) \
              --disk=$(call quote,$(if $(filter file,$(origin DISK)),,$(DISK)))

run: all
	@$(PYTHON) tools/run.py $(GEN)/manifest.json $(RUN_OPTIONS) --debug=$(call quote,$(DEBUG))

size: $(IMG).elf
	@$(PYTHON) tools/size.py --nm=$(CROSS)nm --flash=$(FLASH_BYTES) --memory=$(RAM_BYTES) --manifest=$(GEN)/manifest.json \
	    $(SIZE_OPTIONS) $(IMG).elf

stack: $(IMG).elf
	@$(find_stacks) $(IMG).elf

# The same application on each board.
sizes:
	@$(PYTHON) tools/sizes.py --app=$(call quote,$(APP)) --boards='$(BOARDS)' -- $(MAKE) SETUP=0 V=0 \
	    $(if $(APP_PREFIX),APP=$(APP),APP_DIR=$(call quote,$(APP_DIR)))

compile_commands.json: FORCE | $(LIBC_READY)
	@$(PYTHON) tools/compile_commands.py $@ '$(CC) $(filter-out $(LTO),$(CFLAGS_ALL))' \
	    $(filter %.c,$(IMAGE_SOURCES) $(addprefix $(APP_DIR)/,$(APP_FOUND)))

.PHONY: run size sizes stack

include tools/mk/hardware.mk
