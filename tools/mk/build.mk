# Building one image: build/$(BOARD)/$(APP)/$(APP).elf and what the board makes of it.

include boards/$(BOARD)/board.mk
include apps/$(APP)/app.mk
include arch/$(ARCH)/arch.mk
include tools/mk/newlib.mk
include tools/mk/libfdt.mk

SANITIZE ?= 0
OUT := $(BUILD)/$(BOARD)$(if $(filter 1,$(SANITIZE)),-sanitize)
OBJ := $(OUT)/obj
IMG := $(OUT)/$(APP)/$(APP)

CC      := $(CROSS)gcc
OBJCOPY := $(CROSS)objcopy
SIZE    := $(CROSS)size
NM      := $(CROSS)gcc-nm

# --- flags -------------------------------------------------------------------------------------

# Small first; a module whose speed matters more than its size says -O2 in its M.cflags.
OPTIMIZE ?= -Os
# Backtraces follow frame pointers, except where arch.mk says that they do not.
FRAME_POINTER ?= -fno-omit-frame-pointer
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wcast-align -Wvla \
            -Wstrict-prototypes -Wpointer-arith
INCLUDES := -I. -Iarch/include -Iarch/$(ARCH)/include

CFLAGS_ALL = -std=gnu17 $(OPTIMIZE) -g $(WARNINGS) $(INCLUDES) $(CFLAGS_ARCH) $(CFLAGS_LIBC) $(CFLAGS_LIBFDT) \
             -ffunction-sections -fdata-sections -fno-common $(FRAME_POINTER) \
             -fno-strict-aliasing -fno-jump-tables -fstack-protector-strong -fstack-usage $(LTO)
# One partition: with several, the linker keeps apart what could be shared between them.
LTO ?= -flto=auto -flto-partition=one -fno-fat-lto-objects
LDFLAGS_ALL = $(CFLAGS_ALL) $(LDFLAGS_ARCH) -Wl,--gc-sections -Wl,-Map=$(IMG).map \
              -Wl,--fatal-warnings

ifneq ($(LIBC),host)
CFLAGS_ALL += -DASSERT_TRAPS
endif

ifeq ($(SANITIZE),1)
ifneq ($(LIBC),host)
$(error SANITIZE=1 needs BOARD=host: the sanitizers run on an operating system)
endif
CFLAGS_ALL += -fsanitize=address,undefined -fno-sanitize-recover=undefined
LTO :=
endif

# --- what goes in ------------------------------------------------------------------------------

# What the app and the board require, and the core of the runtime. Images with a heap have malloc() too,
# which on the host board is the system's own.
IMAGE_MODULES := $(call closure,$(APP_MODULES) $(BOARD_MODULES) arch/$(ARCH) runtime)
ifneq ($(LIBC),host)
ifneq ($(filter runtime/heap,$(IMAGE_MODULES)),)
IMAGE_MODULES := $(call closure,$(IMAGE_MODULES) runtime/newlib/malloc)
endif
endif
IMAGE_SOURCES := $(call module_sources,$(IMAGE_MODULES)) \
                 $(addprefix apps/$(APP)/,$(APP_SOURCES))
IMAGE_OBJECTS := $(IMAGE_SOURCES:%=$(OBJ)/%.o)

unknown := $(filter-out $(MODULES),$(IMAGE_MODULES))
ifneq ($(unknown),)
$(error $(APP) on $(BOARD) requires modules that do not exist: $(unknown))
endif

define module_flags
$(patsubst %,$(OBJ)/%.o,$(call module_sources,$(1))): CFLAGS_MODULE := $($(1).cflags)
endef
$(foreach m,$(IMAGE_MODULES),$(if $($(m).cflags),$(eval $(call module_flags,$(m)))))

# Files that the app embeds: a folder becomes one object with their bytes (tools/embed.py).
ifneq ($(APP_EMBED),)
EMBED_DIR   := apps/$(APP)/$(APP_EMBED)
# Folders too: they change when a file goes. Names that make could not handle tools/embed.py refuses.
EMBED_FILES := $(shell find $(EMBED_DIR) ! -name '*[^A-Za-z0-9._-]*' | LC_ALL=C sort)
IMAGE_OBJECTS += $(OUT)/$(APP)/embedded.o

$(OUT)/$(APP)/embedded.S: tools/embed.py $(EMBED_FILES)
	$(call say,EMBED,$(EMBED_DIR))
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/embed.py --name embedded_files --output $@ $(EMBED_DIR)

$(OUT)/$(APP)/embedded.o: $(OUT)/$(APP)/embedded.S $(OUT)/flags
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<
endif

# --- rules -------------------------------------------------------------------------------------

# Changed flags rebuild; unchanged ones do not.
FLAGS_STAMP := $(OUT)/flags
$(FLAGS_STAMP): FORCE | $(LIBC_READY) $(LIBFDT_READY)
	$(call stamp,$(CC) $(CFLAGS_ALL))

$(OBJ)/%.c.o: %.c $(FLAGS_STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(CFLAGS_MODULE) -MMD -MP -c -o $@ $<

$(OBJ)/%.S.o: %.S $(FLAGS_STAMP)
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(CFLAGS_MODULE) -MMD -MP -c -o $@ $<

-include $(IMAGE_OBJECTS:.o=.d)

# The linker script is a template of the architecture, run through the preprocessor with the
# board's memory.h.
ifneq ($(LINKER_SCRIPT),)
IMAGE_SCRIPT := $(OUT)/$(APP)/image.ld
$(IMAGE_SCRIPT): $(LINKER_SCRIPT) $(wildcard linker/*.h boards/$(BOARD)/memory.h) $(FLAGS_STAMP)
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -x c $(INCLUDES) -Iboards/$(BOARD) -o $@ $<
endif

OBJECT_LIST := $(OUT)/$(APP)/objects
$(OBJECT_LIST): FORCE
	$(call stamp,$(IMAGE_OBJECTS))

$(IMG).elf: $(IMAGE_OBJECTS) $(IMAGE_SCRIPT) $(LIBFDT) $(OBJECT_LIST)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_ALL) $(if $(IMAGE_SCRIPT),-T $(IMAGE_SCRIPT)) -o $@ \
	    $(IMAGE_OBJECTS) $(LIBFDT) $(LIBS_ARCH) $(LIBS_LIBC)

$(IMG).bin $(IMG).img: $(IMG).elf
	$(call say,IMAGE,$@)
	$(Q)$(OBJCOPY) -O binary $< $@

all: $(IMG).elf $(addprefix $(IMG),$(IMAGE_FORMATS))

.PHONY: all FORCE
FORCE:

# --- running -----------------------------------------------------------------------------------

define image_json
{
  "board": "$(BOARD)", "app": "$(APP)", "stem": "$(IMG)", "cross": "$(CROSS)",
  "qemu": "$(QEMU)", "machine": "$(QEMU_MACHINE)", "machine_kvm": "$(QEMU_KVM)",
  "kernel": "$(QEMU_KERNEL)", "devices": "$(QEMU_DEVICES)", "net": "$(QEMU_NET)",
  "exit": "$(QEMU_EXIT)", "exit_is_odd": "$(QEMU_EXIT_IS_ODD)",
  "memory": "$(QEMU_MEM)", "http_port": "$(APP_HTTP_PORT)"
}
endef

$(OUT)/$(APP)/image.json: FORCE
	$(shell mkdir -p $(@D))$(file >$@.new,$(image_json))
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

all: $(OUT)/$(APP)/image.json

run: all
	@$(PYTHON) tools/run.py $(OUT)/$(APP)/image.json --port=$(call quote,$(PORT)) \
	    --args=$(call quote,$(ARGS)) --mem=$(call quote,$(MEM)) --tap=$(call quote,$(TAP)) \
	    --kvm=$(call quote,$(KVM)) --debug=$(call quote,$(DEBUG)) --pcap=$(call quote,$(PCAP))

size: $(IMG).elf
	@$(PYTHON) tools/size.py --nm $(CROSS)nm $(IMG).elf

compile_commands.json: FORCE | $(LIBC_READY) $(LIBFDT_READY)
	@$(PYTHON) tools/compile_commands.py $@ '$(CC) $(filter-out $(LTO),$(CFLAGS_ALL))' \
	    $(filter %.c,$(IMAGE_SOURCES))

.PHONY: run size
