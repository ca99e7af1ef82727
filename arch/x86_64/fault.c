/* SPDX-License-Identifier: ISC */
/*
 * Exceptions in words (Intel SDM volume 3A, sections 6.15 and 4.7).
 */
#include "arch/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "arch/x86.h"
#include "arch/x86_64/x86_64.h"

enum {
	VECTOR_UNDEFINED = 6,
	VECTOR_DOUBLE_FAULT = 8,
	VECTOR_INVALID_TSS = 10,
	VECTOR_GENERAL_PROTECTION = 13,
	VECTOR_PAGE_FAULT = 14,
};

/* Bits of a page fault's error code. */
enum { PAGE_PRESENT = 1 << 0, PAGE_WRITE = 1 << 1, PAGE_RESERVED = 1 << 3, PAGE_FETCH = 1 << 4 };

/* An access this near to the stack pointer is one of the stack's own. */
enum { STACK_REACH_BYTES = 4096 };

static const char *const causes[VECTOR_IRQ] = {
	[0] = "division by zero, or its result is too large",
	[1] = "debug exception",
	[2] = "non-maskable interrupt",
	[3] = "breakpoint",
	[4] = "overflow trap",
	[5] = "bound range exceeded",
	[VECTOR_UNDEFINED] = "undefined instruction",
	[7] = "x87 or SSE is not available",
	[VECTOR_DOUBLE_FAULT] = "double fault: an exception could not be delivered",
	[9] = "coprocessor segment overrun",
	[VECTOR_INVALID_TSS] = "invalid TSS; the code is the selector",
	[11] = "segment not present; the code is the selector",
	[12] = "stack segment fault: non-canonical address, or the code is the selector",
	[16] = "x87 floating-point error",
	[17] = "misaligned access",
	[18] = "machine check",
	[19] = "SSE floating-point error",
	[20] = "virtualization exception",
	[21] = "control protection exception",
	[28] = "hypervisor injection exception",
	[29] = "VMM communication exception",
	[30] = "security exception",
};

static const char *protection_cause(const struct trap_frame *t)
{
	if (t->error == 0)
		return "general protection: non-canonical address, or an instruction or value that is "
		       "not allowed";
	return "general protection: bad descriptor; the code is the selector";
}

static const char *unmapped_cause(const struct trap_frame *t, uintptr_t address)
{
	if (address < PAGE_BYTES)
		return (t->error & PAGE_FETCH) != 0   ? "page fault: call through a null pointer"
		       : (t->error & PAGE_WRITE) != 0 ? "page fault: write through a null pointer"
						      : "page fault: read through a null pointer";
	if ((t->error & PAGE_FETCH) != 0)
		return "page fault: execution of an unmapped page";
	if (address - (t->rsp - STACK_REACH_BYTES) < 2ul * STACK_REACH_BYTES)
		return "stack overflow: access to the guard page below the stack";
	return (t->error & PAGE_WRITE) != 0 ? "page fault: write to an unmapped page"
					    : "page fault: read of an unmapped page";
}

static const char *page_cause(const struct trap_frame *t, uintptr_t address)
{
	if ((t->error & PAGE_RESERVED) != 0)
		return "page fault: malformed page table";
	if ((t->error & PAGE_PRESENT) == 0)
		return unmapped_cause(t, address);
	if ((t->error & PAGE_FETCH) != 0)
		return "page fault: execution of data";
	return (t->error & PAGE_WRITE) != 0 ? "page fault: write to read-only memory"
					    : "page fault: read of protected memory";
}

/* __builtin_trap() is UD2. The bytes can be read: the processor just fetched them. */
static bool is_assertion(const struct trap_frame *t)
{
	const uint8_t *at = (const uint8_t *)t->rip;
	return t->vector == VECTOR_UNDEFINED && at[0] == 0x0f && at[1] == 0x0b;
}

static const char *cause_of(const struct trap_frame *t, uintptr_t address)
{
	if (t->vector == VECTOR_PAGE_FAULT)
		return page_cause(t, address);
	if (t->vector == VECTOR_GENERAL_PROTECTION)
		return protection_cause(t);
	const char *cause = t->vector < VECTOR_IRQ ? causes[t->vector] : NULL;
	return cause != NULL ? cause : "unknown exception";
}

/* The registers as a person looks for them, and where each lies in struct trap_frame. */
static const struct {
	char name[7];
	uint8_t offset;
} registers[] = {
#define REGISTER(r)                                                                                \
	{                                                                                          \
#r, offsetof(struct trap_frame, r)                                                 \
	}
	REGISTER(rax), REGISTER(rbx), REGISTER(rcx), REGISTER(rdx), REGISTER(rsi),    REGISTER(rdi),
	REGISTER(rbp), REGISTER(rsp), REGISTER(r8),  REGISTER(r9),  REGISTER(r10),    REGISTER(r11),
	REGISTER(r12), REGISTER(r13), REGISTER(r14), REGISTER(r15), REGISTER(rflags),
#undef REGISTER
};

USED NORETURN void fault_from_trap(const struct trap_frame *t, uintptr_t address)
{
	struct fault f = {
		.cause = cause_of(t, address),
		.pc = t->rip,
		.address = address,
		.code = t->error,
		.frame = (const void *)t->rbp,
		.has_address = t->vector == VECTOR_PAGE_FAULT,
		.is_assertion = is_assertion(t),
		.n_regs = ARRAY_SIZE(registers),
	};
	for (size_t i = 0; i < ARRAY_SIZE(registers); i++) {
		const uint8_t *value = (const uint8_t *)t + registers[i].offset;
		f.reg[i].name = registers[i].name;
		memcpy(&f.reg[i].value, value, sizeof(f.reg[i].value));
	}
	fault_panic(&f);
}
