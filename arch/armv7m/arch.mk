# Cortex-M3, M4 and M7 (Armv7-M), without floating point. A board may name its core.

CROSS         := arm-none-eabi-
LIBC          := newlib-arm

# A page is the grain of protection that guards and stacks are rounded to: here the MPU's regions, which
# may be as small as 32 bytes, but a guard must be wider than most frames.
CFLAGS_ARCH   := -Iarch/arm/include -mcpu=$(or $(ARCH_CPU),cortex-m3) -mthumb -mfloat-abi=soft -DPAGE_BYTES=256
# Nothing is won here by another order of instructions, nor by values kept around calls.
CFLAGS_SMALL  := -fno-schedule-insns2 -fno-caller-saves -fno-tree-loop-im -fno-tree-tail-merge
LDFLAGS_ARCH  := -static -nostdlib -nostartfiles -Wl,--build-id=none -Wl,-z,noexecstack \
                 -Wl,--no-warn-rwx-segments

# Backtraces do not need it (arch/arm/backtrace.c).
FRAME_POINTER := -fomit-frame-pointer

LINKER_SCRIPT := linker/armv7m.ld.S

# What begins on each stack (make stack).
STACK_ROOTS := boot:boot_stack:armv7m_start interrupts:irq_stack:interrupt faults:irq_stack:fault_trap
