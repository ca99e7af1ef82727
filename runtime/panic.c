/* SPDX-License-Identifier: ISC */
#include "runtime/panic.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "arch/cpu.h"
#include "arch/fault.h"
#include "arch/irqflags.h"
#include "base/assert.h"
#include "base/attr.h"
#include "runtime/console.h"
#include "runtime/start.h"

enum {
	BACKTRACE_MAX = 24,
	REGISTER_COLUMNS = sizeof(uintptr_t) == 8 ? 4 : 6,
	DIGITS = 2 * sizeof(uintptr_t), /* of an address in hexadecimal */
};

const char *panic_fiber;

/* The compiler's name for the value that guards stack frames; set by start(). */
USED uintptr_t __stack_chk_guard;

/* Called by compiled code whose frame has been overwritten. */
USED NORETURN COLD void __stack_chk_fail(void);

/* The first caller reports; one that comes from within the report ends the machine. */
static void begin_report(int status)
{
	static bool reporting;
	(void)irq_save();
	if (reporting)
		cpu_exit(status);
	reporting = true;
}

/*
 * In hexadecimal, of at least so many digits. Reports of faults use no formatted output, which
 * would take most of the stack that they run on.
 */
UNGUARDED SELDOM static void print_hex(uintptr_t value, unsigned digits)
{
	char text[DIGITS + 1];
	unsigned at = DIGITS;

	text[at] = '\0';
	do {
		text[--at] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value != 0 || DIGITS - at < digits);
	console_write(text + at);
}

static void print_address(uintptr_t address)
{
	console_write(" 0x");
	print_hex(address, 1);
}

/* `pc`, unless 0, is where it happened, in front of the callers; those not where reports are brief.
 */
static void print_backtrace(uintptr_t pc, const void *frame)
{
	uintptr_t addresses[BACKTRACE_MAX];
	size_t n = fault_in_words ? cpu_backtrace(addresses, BACKTRACE_MAX, frame) : 0;

	console_write("backtrace:");
	if (pc != 0)
		print_address(pc);
	for (size_t i = 0; i < n; i++)
		print_address(addresses[i]);
	console_write("\n");
}

NORETURN static void end_report(int status, uintptr_t pc, const void *frame)
{
	if (panic_fiber != NULL) {
		console_write("fiber:     ");
		console_write(panic_fiber);
		console_write("\n");
	}
	print_backtrace(pc, frame);
	cpu_exit(status);
}

/* Without a backtrace at least where it was is told: `caller`. */
NORETURN APART static void report_panic(const char *message, const void *caller, const void *frame)
{
	begin_report(STATUS_PANIC);
	console_write("\npanic: ");
	console_write(message);
	console_write("\n");
	end_report(STATUS_PANIC, fault_in_words ? 0 : (uintptr_t)caller, frame);
}

GUARDED NO_FLOATS void panic(const char *format, ...)
{
	char line[CONSOLE_LINE_BYTES];
	va_list ap;

	if (!fault_in_words)
		report_panic(format, __builtin_return_address(0), __builtin_frame_address(0));
	va_start(ap, format);
	(void)console_format(line, 0, format, &ap);
	va_end(ap);
	report_panic(line, __builtin_return_address(0), __builtin_frame_address(0));
}

void assert_failed(const char *expression, const char *file, unsigned line)
{
	panic("assertion failed: %s (%s:%u)", expression, file, line);
}

/* Without formatting: it is in every image. */
void __stack_chk_fail(void)
{
	const char *message = fault_in_words ? "stack smashed: a function wrote past the end of an "
					       "array on its stack"
					     : "stack smashed";
	report_panic(message, __builtin_return_address(0), __builtin_frame_address(0));
}

static void print_registers(const struct fault *fault)
{
	for (unsigned i = 0; i < fault->n_regs; i++) {
		const struct fault_reg *reg = &fault->reg[i];
		const char *column = &"    "[MIN(strlen(reg->name), (size_t)4)];

		console_write("  ");
		console_write(reg->name);
		console_write(column);
		console_write(" ");
		print_hex(reg->value, DIGITS);
		if (i + 1 == fault->n_regs || (i + 1) % REGISTER_COLUMNS == 0)
			console_write("\n");
	}
}

void fault_panic(const struct fault *fault)
{
	int status = fault->is_assertion ? STATUS_PANIC : STATUS_FAULT;
	begin_report(status);
	if (fault->is_assertion) {
		console_write("\npanic: assertion failed");
	} else {
		console_write("\nfault");
		console_write(fault_in_words ? ": " : "");
		console_write(fault_in_words && fault->access != NULL ? fault->access : "");
		console_write(fault_in_words ? fault->cause : "");
	}
	console_write("\n  pc   ");
	print_hex(fault->pc, DIGITS);
	console_write("  code ");
	print_hex(fault->code, 1);
	if (fault->has_address) {
		console_write("  address ");
		print_hex(fault->address, DIGITS);
	}
	console_write("\n");
	if (fault_in_words)
		print_registers(fault);
	end_report(status, fault->pc, fault->frame);
}
