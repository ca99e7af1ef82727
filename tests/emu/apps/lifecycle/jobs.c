/* SPDX-License-Identifier: ISC */
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "unikernel.h"

static int run(const char *name, uint32_t status, uint64_t after)
{
	console_printf("%s begins\n", name);
	fiber_sleep(after);
	console_printf("%s ends\n", name);
	return (int)status;
}

int left(struct part *part, struct timer *timer, uint32_t status, uint64_t after)
{
	(void)part;
	(void)timer;
	return run("left", status, after);
}

int right(struct part *part, struct timer *timer, uint32_t status, uint64_t after)
{
	(void)part;
	(void)timer;
	return run("right", status, after);
}
