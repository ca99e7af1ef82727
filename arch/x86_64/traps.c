/* SPDX-License-Identifier: ISC */
/*
 * The processor's tables for exceptions and interrupts: the IDT, and the TSS with the two stacks
 * that they run on (Intel SDM volume 3A, sections 6.14 and 8.7).
 */
#include <string.h>

#include "arch/x86.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/x86_64.h"

struct gate {
	uint16_t offset_low, selector;
	uint8_t ist, type;
	uint16_t offset_middle;
	uint32_t offset_high, reserved;
};
_Static_assert(sizeof(struct gate) == 16, "SDM 3A figure 6-8");

enum { GATE_INTERRUPT = 0x8e }; /* present, ring 0, masks interrupts */

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3], ist[8]; /* ist[1] to ist[7]; ist[0] is reserved */
	uint16_t reserved2[4], reserved3, io_map;
} __attribute__((packed));
_Static_assert(offsetof(struct tss, io_map) == 102, "SDM 3A figure 8-11");

#define TSS_AVAILABLE (UINT64_C(0x89) << 40)

extern uint64_t gdt[];
extern const struct descriptor_pointer gdt_pointer;
extern const uint8_t exception_stubs[], interrupt_stubs[];

static struct gate idt[VECTORS];
static struct tss tss;

uint32_t irq_vector;

static void set_gate(unsigned vector, const uint8_t *stub, uint8_t ist)
{
	uintptr_t at = (uintptr_t)stub;
	idt[vector] = (struct gate){
		.offset_low = (uint16_t)at,
		.offset_middle = (uint16_t)(at >> 16),
		.offset_high = (uint32_t)(at >> 32),
		.selector = SELECTOR_CODE,
		.ist = ist,
		.type = GATE_INTERRUPT,
	};
}

static void load_tss(void)
{
	uint64_t at = (uintptr_t)&tss;
	tss.ist[IST_FAULT] = (uintptr_t)fault_stack_top;
	tss.ist[IST_INTERRUPT] = (uintptr_t)irq_stack_top;
	tss.io_map = sizeof(tss);
	gdt[SELECTOR_TSS / 8] = (sizeof(tss) - 1) | ((at & 0xffffff) << 16) | TSS_AVAILABLE |
				((at >> 24 & 0xff) << 56);
	gdt[SELECTOR_TSS / 8 + 1] = at >> 32;
	__asm__ volatile("ltr %w0" ::"r"(SELECTOR_TSS) : "memory");
}

void traps_init(void)
{
	for (unsigned v = 0; v < VECTOR_IRQ; v++)
		set_gate(v, exception_stubs + v * STUB_BYTES, IST_FAULT);
	for (unsigned v = VECTOR_IRQ; v < VECTORS; v++)
		set_gate(v, interrupt_stubs + (v - VECTOR_IRQ) * STUB_BYTES, IST_INTERRUPT);
	load_tss();

	struct descriptor_pointer p = {.limit = sizeof(idt) - 1, .base = (uintptr_t)idt};
	__asm__ volatile("lidt %0" ::"m"(p));
}
