/* SPDX-License-Identifier: ISC */
#include "arch/cpu.h"

#include <stdbool.h>
#include <string.h>

#include "arch/image.h"
#include "arch/mmio.h"
#include "arch/x86.h"
#include "arch/x86_64/x86_64.h"

enum { RANDOM_TRIES = 10 };

const char arch_name[] = "x86_64";

uint64_t tsc_at_entry;

enum random_instruction { RANDOM_NONE, RANDOM_RDRAND, RANDOM_RDSEED };

static enum random_instruction random_instruction(void)
{
	if (cpuid(0, 0).eax >= 7 && (cpuid(7, 0).ebx & (1u << 18)) != 0)
		return RANDOM_RDSEED;
	return (cpuid(1, 0).ecx & (1u << 30)) != 0 ? RANDOM_RDRAND : RANDOM_NONE;
}

/* One try: both instructions set the carry flag if they had an answer. */
static bool random_word(enum random_instruction with, uint64_t *word)
{
	bool ok;
	if (with == RANDOM_RDSEED)
		__asm__ volatile("rdseed %0" : "=r"(*word), "=@ccc"(ok));
	else
		__asm__ volatile("rdrand %0" : "=r"(*word), "=@ccc"(ok));
	return ok;
}

enum err cpu_random(void *bytes, size_t len)
{
	enum random_instruction with = random_instruction();
	if (with == RANDOM_NONE)
		return ERR_NODEV;
	for (size_t done = 0; done < len;) {
		uint64_t word;
		unsigned tries = 0;
		while (!random_word(with, &word)) {
			if (++tries == RANDOM_TRIES)
				return ERR_NOTREADY;
		}
		size_t n = MIN(len - done, sizeof(word));
		memcpy((uint8_t *)bytes + done, &word, n);
		done += n;
	}
	return OK;
}

uint64_t cpu_cycles(void)
{
	return tsc_read();
}

size_t cpu_backtrace(uintptr_t *addresses, size_t max, const void *frame)
{
	uintptr_t at = (uintptr_t)frame;
	size_t n = 0;
	/* A frame is the caller's frame pointer and the return address. */
	while (n < max && at % sizeof(uintptr_t) == 0 && mmu_maps(at, 2 * sizeof(uintptr_t))) {
		const uintptr_t *words = (const uintptr_t *)at;
		if (words[1] < (uintptr_t)image_start || words[1] >= (uintptr_t)image_text_end)
			break;
		addresses[n++] = words[1];
		at = words[0];
	}
	return n;
}

/* ACPI 6.4 section 4.8.3.7: sleep enable, and type 5, soft off. */
#define SLEEP_ENABLE_S5 ((1u << 5) | (5u << 2))

static void power_off(void)
{
	if (board_power.sleep_control != 0)
		mmio_write8(board_power.sleep_control, SLEEP_ENABLE_S5);
	if (board_power.off != NULL)
		board_power.off();
	/* A triple fault: an exception without a usable IDT. */
	static const struct descriptor_pointer no_idt;
	__asm__ volatile("lidt %0; ud2" ::"m"(no_idt));
}

/* QEMU exits with 2 s + 1, of which its parent sees 8 bits: more would look like another status. */
enum { DEBUG_EXIT_MAX = 127 };

NORETURN void cpu_exit(int status)
{
	__asm__ volatile("cli");
	if (status != 0 && board_power.debug_exit_port != 0)
		port_write8(board_power.debug_exit_port, (uint8_t)MIN(status, DEBUG_EXIT_MAX));
	power_off();
	for (;;)
		__asm__ volatile("cli; hlt");
}
