# The C library of bare-metal boards: newlib, built once for each architecture from Debian's package
# newlib-source into build/toolchain/, or, for 32-bit ARM, Debian's own build of it.
#
# An architecture's arch.mk says LIBC := newlib (with NEWLIB_TARGET and, if it must, NEWLIB_CFLAGS),
# newlib-arm or host. This sets CFLAGS_LIBC, LIBS_LIBC and LIBC_READY, what must exist before the
# first compilation.

NEWLIB_SOURCE := /usr/src/newlib
NEWLIB_DIR    := $(TOOLCHAIN)/newlib-$(ARCH)

# $(call once,NAME,VALUE): a variable whose $(shell …) runs when first used, and once.
once = $(1) = $$(eval $(1) := $(2))$$($(1))
$(eval $(call once,GCC_INCLUDE,$$(shell $$(CROSS)gcc -print-file-name=include)))

ifeq ($(LIBC),newlib)

CFLAGS_LIBC = -nostdinc -isystem $(GCC_INCLUDE) -isystem $(NEWLIB_DIR)/include
LIBS_LIBC   = $(NEWLIB_DIR)/lib/libc.a -lgcc
LIBC_READY := $(NEWLIB_DIR)/lib/libc.a

# The small variants of stdio and malloc, and each function in a section of its own.
NEWLIB_CONFIGURE := --target=$(NEWLIB_TARGET) --disable-multilib --disable-libgloss \
    --disable-newlib-supplied-syscalls --enable-newlib-nano-formatted-io \
    --enable-newlib-nano-malloc --enable-newlib-reent-small --disable-newlib-fvwrite-in-streamio \
    --disable-newlib-fseek-optimization --disable-newlib-wide-orient --disable-newlib-unbuf-stream-opt \
    --disable-newlib-reent-check-verify --enable-lite-exit --enable-newlib-global-atexit --disable-nls

# What it was configured with: a change of these rebuilds it, a change of the file around them not.
NEWLIB_FLAGS := $(NEWLIB_DIR).flags
$(NEWLIB_FLAGS): FORCE
	$(call stamp,$(CROSS) $(NEWLIB_CFLAGS) $(NEWLIB_CONFIGURE))

$(LIBC_READY): tools/build-newlib $(NEWLIB_FLAGS)
	$(call say,BUILD,newlib for $(ARCH) (once))
	@test -d $(NEWLIB_SOURCE) || { echo 'newlib-source is missing: run make setup'; exit 1; }
	$(Q)CROSS=$(CROSS) tools/build-newlib $(NEWLIB_SOURCE) $(NEWLIB_DIR) '$(NEWLIB_CFLAGS)' $(NEWLIB_CONFIGURE)

else ifeq ($(LIBC),newlib-arm)

# The headers that belong to libc_nano: with others, struct _reent would differ from the library's.
CFLAGS_LIBC = --specs=nano.specs
LIBS_LIBC   = -lc_nano -lgcc

else

LIBS_LIBC =

endif

newlib: $(LIBC_READY)
.PHONY: newlib
