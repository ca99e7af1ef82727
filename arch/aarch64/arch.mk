# 64-bit Arm, Armv8.0 and later: newer features (BTI, pointer authentication, RNDR) are used where
# the processor has them.

CROSS         := aarch64-linux-gnu-
NEWLIB_TARGET := aarch64-none-elf
LIBC          := newlib

# No outlined atomics: they would ask the operating system which instructions there are.
CFLAGS_ARCH   := -march=armv8-a -mbranch-protection=standard -mno-outline-atomics \
                 -fno-pic -fno-pie -fno-asynchronous-unwind-tables
# One instruction instead of two for the address of a variable, in images under a MiB.
CFLAGS_NEAR   := -mcmodel=tiny

# A hundred and fiftieth smaller without (32-bit Arm is larger).
CFLAGS_SMALL  := -fno-expensive-optimizations -fno-tree-tail-merge

NEWLIB_CFLAGS := $(CFLAGS_ARCH)
# For NO_FLOATS (base/attr.h).
CFLAGS_ARCH   += -DFLOATS_IN_REGISTERS
# Erratum 843419 of the Cortex-A53 by rewriting the instruction in place, which works in images under
# a MiB (the linker says so beyond); detours would cost a whole page. Larger ones say FIX_843419=full.
FIX_843419    ?= adr
# Backtraces do not need it (backtrace.c), and it costs a sixtieth of the code.
FRAME_POINTER := -fomit-frame-pointer
LDFLAGS_ARCH  := -static -nostdlib -nostartfiles -no-pie -Wl,--build-id=none \
                 -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack \
                 -mno-fix-cortex-a53-843419 -Wl,--fix-cortex-a53-843419=$(FIX_843419)

LINKER_SCRIPT := linker/aarch64.ld.S

# What begins on each stack (make stack).
STACK_ROOTS := boot:boot_stack:boot_main interrupts:irq_stack:interrupt faults:fault_stack:fault_report
