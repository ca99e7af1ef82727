/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/stacks/stacks.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { DEPTH_BYTES = 1200, STACK_BYTES = 4096 };

static __attribute__((noinline)) void go_deep(void)
{
	uint8_t room[DEPTH_BYTES];

	memset(room, 1, sizeof(room));
	__asm__ volatile("" : : "r"(room) : "memory");
}

static void dive(void *arg)
{
	(void)arg;
	(void)!fiber_sleep(US_PER_S / 10);
	go_deep();
	fiber_park_forever();
}

static void show(const struct stacks *s)
{
	struct stack_use use;

	for (uint32_t i = 0; stacks_use(s, i, &use); i++)
		console_printf("%s %u %u\n", use.name, (unsigned)use.bytes, (unsigned)use.used);
}

int use_stacks(struct stacks *s)
{
	static _Alignas(16) uint8_t stack[STACK_BYTES];
	static struct fiber diver;

	fiber_spawn_on(&diver, "diver", stack, sizeof(stack), dive, NULL);
	if (stacks_watch(s, &diver) != OK)
		return STATUS_ERROR;
	(void)!fiber_sleep(US_PER_S / 20);
	show(s);
	(void)!fiber_sleep(US_PER_S / 5);
	go_deep();
	show(s);
	return STATUS_OK;
}
