/* SPDX-License-Identifier: ISC */
/*
 * Between the files of this folder.
 */
#ifndef ARCH_X86_64_X86_64_H
#define ARCH_X86_64_X86_64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/pvh.h"
#include "base/attr.h"

/* The operand of LGDT and LIDT. */
struct descriptor_pointer {
	uint16_t limit; /* bytes - 1 */
	uint64_t base;
} __attribute__((packed));

/* What the stubs of vectors.S leave on the fault stack. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

/* Called by entry.S: `info` is the address of the start info, `tsc` the time of entry. */
NORETURN void x86_start(uintptr_t info, uint64_t tsc);

/*
 * Of arch/x86_64/loaders, for images that have it: what the loader said, copied, or NULL if it
 * cannot be used. *window is where the command line is, if that is not the first MiB.
 */
WEAK const struct pvh_start_info *loaders_start_info(uintptr_t address, struct pvh_ram *window);

/* Loads the GDT with a TSS, and the IDT: from then on exceptions are reported. */
void traps_init(void);

/*
 * Makes the address space of arch/mmu.h with `ram_bytes` of RAM from image_end on, and that of the
 * first MiB which is free.
 */
void mmu_init(size_t ram_bytes, struct pvh_ram low);

/* Whether all of the range can be read. */
bool mmu_maps(uintptr_t start, size_t bytes);

/* The end of every exception. `address` is CR2. */
NORETURN void fault_from_trap(const struct trap_frame *t, uintptr_t address);

/* Of the linker script: the ends of the stacks, and the guard page below each. */
extern uint8_t boot_stack_guard[], irq_stack_guard[], fault_stack_guard[];
extern uint8_t irq_stack_top[], fault_stack_top[];

#endif
