# x86-64 in ring 0, built by the machine's own gcc.
#
# The tree's own code uses no SSE and no x87, so that interrupt entry need not save them. Apps,
# generated code and the C library may, but do so for floating point only: hypervisors that emulate
# ring 0 do not know such instructions. Nothing is position-independent, and there is no red zone in
# case something interrupts on the interrupted stack after all. CET stays off: no hypervisor offers
# its supervisor half.

CROSS         :=
X86_COMMON    := -m64 -march=x86-64 -mtune=generic -mcmodel=small -mno-red-zone -fno-pic -fno-pie \
                 -fcf-protection=none -fno-asynchronous-unwind-tables -mstack-protector-guard=global
X86_INTEGER   := -mgeneral-regs-only
X86_FLOAT     := -fno-tree-vectorize -mno-stv \
                 -mtune-ctrl=^sse_unaligned_load_optimal,^sse_unaligned_store_optimal
CFLAGS_ARCH    = $(X86_COMMON) $(if $(filter apps/% $(APP_DIR)/% $(BUILD)/%,$<),$(X86_FLOAT),$(X86_INTEGER))
LDFLAGS_ARCH  := -static -nostdlib -nostartfiles -no-pie -Wl,--build-id=none \
                 -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack

LIBC          := newlib
NEWLIB_TARGET := x86_64-none-elf
# tools/build-newlib builds for size all but the functions on whole blocks of memory.
NEWLIB_CFLAGS := $(X86_COMMON) $(X86_FLOAT) -fno-stack-protector

LINKER_SCRIPT := linker/x86_64.ld.S

# What begins on each stack (make stack).
STACK_ROOTS := boot:boot_stack:x86_start interrupts:irq_stack:interrupt faults:fault_stack:fault_from_trap
