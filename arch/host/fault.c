/* SPDX-License-Identifier: ISC */
/*
 * Signals that stand for processor exceptions become a struct fault, on a stack of their own.
 */
#define _GNU_SOURCE
#include "arch/fault.h"

#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>

#include "arch/cpu.h"
#include "host.h"

enum { SIGNAL_STACK_BYTES = 64 << 10 };

static ALIGNED(16) uint8_t signal_stack[SIGNAL_STACK_BYTES];

static const char *cause_of(int number, const siginfo_t *info)
{
	switch (number) {
	case SIGSEGV:
		return info->si_code == SEGV_MAPERR ? "access to an unmapped address"
						    : "access that the page does not allow";
	case SIGBUS:
		return "bus error: misaligned or absent memory";
	case SIGILL:
		return "undefined instruction";
	case SIGFPE:
		return "arithmetic exception";
	default:
		return "abort";
	}
}

static void add_register(struct fault *f, const char *name, uintptr_t value)
{
	f->reg[f->n_regs++] = (struct fault_reg){name, value};
}

#if defined(__x86_64__)

static void read_registers(struct fault *f, const mcontext_t *m)
{
	static const struct {
		const char *name;
		int index;
	} table[] = {
		{"rax", REG_RAX}, {"rbx", REG_RBX}, {"rcx", REG_RCX}, {"rdx", REG_RDX},
		{"rsi", REG_RSI}, {"rdi", REG_RDI}, {"rbp", REG_RBP}, {"rsp", REG_RSP},
		{"r8", REG_R8},   {"r9", REG_R9},   {"r10", REG_R10}, {"r11", REG_R11},
		{"r12", REG_R12}, {"r13", REG_R13}, {"r14", REG_R14}, {"r15", REG_R15},
	};
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		add_register(f, table[i].name, (uintptr_t)m->gregs[table[i].index]);
	f->pc = (uintptr_t)m->gregs[REG_RIP];
	f->code = (uintptr_t)m->gregs[REG_ERR];
	f->frame = (const void *)m->gregs[REG_RBP];
}

#elif defined(__aarch64__)

static void read_registers(struct fault *f, const mcontext_t *m)
{
	static const char *const names[31] = {
		"x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10",
		"x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21",
		"x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_register(f, names[i], m->regs[i]);
	add_register(f, "sp", m->sp);
	f->pc = m->pc;
	f->frame = (const void *)m->regs[29];
}

#else
#error "the host board runs on x86-64 and aarch64"
#endif

static void on_fault(int number, siginfo_t *info, void *context)
{
	const ucontext_t *u = context;
	struct fault f = {.cause = cause_of(number, info)};
	if (number == SIGSEGV || number == SIGBUS) {
		f.has_address = true;
		f.address = (uintptr_t)info->si_addr;
	}
	read_registers(&f, &u->uc_mcontext);
	fault_panic(&f);
}

/* As a shell reports it: 130 for an interrupt from the keyboard, 143 for a request to end. */
static void on_request_to_end(int number)
{
	cpu_exit(128 + number);
}

void host_catch_signals(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
	stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof(signal_stack)};
	/* Not blocked while handled: a fault inside the report must reach it again and end it. */
	struct sigaction fault = {.sa_sigaction = on_fault,
				  .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	struct sigaction end = {.sa_handler = on_request_to_end, .sa_flags = SA_ONSTACK};

	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		sigaction(faults[i], &fault, NULL);
	sigaction(SIGINT, &end, NULL);
	sigaction(SIGTERM, &end, NULL);
}
