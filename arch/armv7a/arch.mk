# 32-bit Arm with the virtualization extensions: Cortex-A7, A15 and A17.

CROSS         := arm-none-eabi-
LIBC          := newlib-arm

# The one choice of floating point for which Debian's newlib has a hard-float build with NEON.
CFLAGS_ARCH   := -Iarch/arm/include -mcpu=cortex-a7 -mthumb -mfloat-abi=hard -mfpu=neon-vfpv4
LDFLAGS_ARCH  := -static -nostdlib -nostartfiles -Wl,--build-id=none \
                 -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack

# Backtraces do not need it (backtrace.c), and it costs 3 % of the code.
FRAME_POINTER := -fomit-frame-pointer

LINKER_SCRIPT := linker/armv7a.ld.S

# What begins on each stack (make stack).
STACK_ROOTS := boot:boot_stack:armv7a_boot interrupts:irq_stack:interrupt faults:fault_stack:fault_trap
