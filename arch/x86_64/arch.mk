# x86-64 in ring 0, built by the machine's own gcc.
#
# The tree's own code uses no SSE and no x87, so that interrupt entry need not save them; only
# apps, generated code and the C library may. Nothing is position-independent, and there is no
# red zone in case something interrupts on the interrupted stack after all. CET stays off: no
# hypervisor offers its supervisor half.

CROSS        :=
CFLAGS_X86   := -m64 -march=x86-64 -mtune=generic -mcmodel=small -mno-red-zone -fno-pic -fno-pie \
                -fcf-protection=none -fno-asynchronous-unwind-tables -mstack-protector-guard=global
CFLAGS_ARCH   = $(CFLAGS_X86) $(if $(filter apps/% $(BUILD)/%,$<),,-mgeneral-regs-only)
LDFLAGS_ARCH := -static -nostdlib -nostartfiles -no-pie -Wl,-z,noexecstack -Wl,-z,max-page-size=4096 \
                -Wl,--build-id=none
LIBC          := newlib
NEWLIB_TARGET := x86_64-none-elf
# Integer code of the C library keeps to the general registers; only floating point needs SSE.
NEWLIB_CFLAGS := $(CFLAGS_X86) -O2 -fno-stack-protector -fno-tree-vectorize -mno-stv \
                 -mtune-ctrl=^sse_unaligned_load_optimal,^sse_unaligned_store_optimal
LINKER_SCRIPT := linker/x86_64.ld.S
