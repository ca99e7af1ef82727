# libfdt, by which tests make the flattened device trees that boards read: fetched as Debian's source package,
# pinned by version and hash. Dual-licensed; used under BSD-2-Clause. No part of an image.

LIBFDT_VERSION := 1.7.2
LIBFDT_SHA256  := 92d8ca769805ae1f176204230438fe52808f4e1c7944053c9eec0e649b237539
LIBFDT_ARCHIVE := $(TOOLCHAIN)/device-tree-compiler_$(LIBFDT_VERSION).orig.tar.xz
LIBFDT_POOL    := pool/main/d/device-tree-compiler/$(notdir $(LIBFDT_ARCHIVE))
LIBFDT_SOURCE  := $(TOOLCHAIN)/libfdt-$(LIBFDT_VERSION)

$(LIBFDT_ARCHIVE):
	$(call say,FETCH,$(@F))
	$(Q)tools/fetch-source $(LIBFDT_POOL) $(LIBFDT_SHA256) $@

$(LIBFDT_SOURCE)/.unpacked: $(LIBFDT_ARCHIVE)
	@mkdir -p $(@D)
	$(Q)tar -xf $< -C $(@D) --strip-components=2 --wildcards '*/libfdt'
	@touch $@
