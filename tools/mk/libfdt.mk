# libfdt, which reads flattened device trees: fetched as Debian's source package, pinned by version
# and hash, and built for each architecture into build/toolchain/. Dual-licensed; used under BSD-2-Clause.

LIBFDT_VERSION := 1.7.2
LIBFDT_SHA256  := 92d8ca769805ae1f176204230438fe52808f4e1c7944053c9eec0e649b237539
LIBFDT_ARCHIVE := $(TOOLCHAIN)/device-tree-compiler_$(LIBFDT_VERSION).orig.tar.xz
LIBFDT_POOL    := pool/main/d/device-tree-compiler/$(notdir $(LIBFDT_ARCHIVE))
LIBFDT_SOURCE  := $(TOOLCHAIN)/libfdt-$(LIBFDT_VERSION)
LIBFDT_DIR     := $(TOOLCHAIN)/libfdt-$(ARCH)
LIBFDT_FILES   := fdt.c fdt_ro.c fdt_check.c fdt_addresses.c fdt_strerror.c

$(LIBFDT_ARCHIVE):
	$(call say,FETCH,$(@F))
	$(Q)tools/fetch-source $(LIBFDT_POOL) $(LIBFDT_SHA256) $@

$(LIBFDT_SOURCE)/.unpacked: $(LIBFDT_ARCHIVE)
	@mkdir -p $(@D)
	$(Q)tar -xf $< -C $(@D) --strip-components=2 --wildcards '*/libfdt'
	@touch $@

# Boards that read a device tree list the module "libfdt" among their requirements' libraries.
ifeq ($(BOARD_USES_LIBFDT),1)
LIBFDT        := $(LIBFDT_DIR)/libfdt.a
CFLAGS_LIBFDT := -isystem $(LIBFDT_SOURCE)
LIBFDT_READY  := $(LIBFDT_SOURCE)/.unpacked
LIBFDT_OBJECTS := $(LIBFDT_FILES:%.c=$(LIBFDT_DIR)/%.o)

# libfdt checks all that it reads, since a device tree comes from outside. FDT_ASSUME_MASK=4: only of
# version 17, the one that there has been since 2005, which its callers check.
#
# It is optimized together with the image: what is left of it is half as large. Its loads of numbers must
# be inline, each an instruction or two: the compiler counts them byte by byte and would call them.
LIBFDT_CFLAGS = -std=gnu17 -Os -g $(CFLAGS_ARCH) $(CFLAGS_LIBC) $(FRAME_POINTER) -ffunction-sections \
                -fdata-sections -fno-strict-aliasing -fno-ipa-modref -flto -fno-fat-lto-objects -w \
                -DFDT_ASSUME_MASK=4 '-Dinline=inline __attribute__((always_inline))'

$(LIBFDT_DIR)/%.o: $(LIBFDT_READY) $(LIBC_READY) tools/mk/libfdt.mk arch/$(ARCH)/arch.mk
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc $(LIBFDT_CFLAGS) -I$(LIBFDT_SOURCE) -c -o $@ $(LIBFDT_SOURCE)/$*.c

$(LIBFDT): $(LIBFDT_OBJECTS)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(CROSS)gcc-ar rcs $@ $^
endif

libfdt: $(LIBFDT)
.PHONY: libfdt
