# 64-bit Arm, Armv8.0 and later: newer features (BTI, pointer authentication, RNDR) are used where
# the processor has them.

CROSS         := aarch64-linux-gnu-
NEWLIB_TARGET := aarch64-none-elf
LIBC          := newlib

# No outlined atomics: they would ask the operating system which instructions there are.
CFLAGS_ARCH   := -march=armv8-a -mbranch-protection=standard -mno-outline-atomics \
                 -fno-pic -fno-pie -fno-asynchronous-unwind-tables
# Built for size, newlib's memcpy() and memset() would go byte by byte.
NEWLIB_CFLAGS := $(CFLAGS_ARCH) -O2
LDFLAGS_ARCH  := -static -nostdlib -nostartfiles -no-pie -Wl,--build-id=none \
                 -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack

LINKER_SCRIPT := linker/aarch64.ld.S
