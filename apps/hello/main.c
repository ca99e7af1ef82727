/* SPDX-License-Identifier: ISC */
#include <stdint.h>

#include "arch/cpu.h"
#include "hal/board.h"
#include "runtime/args.h"
#include "runtime/console.h"
#include "runtime/start.h"

static const char *name = "world";

const struct key application_keys[] = {
	{"name", &key_string, &name, 0, 0, "whom to greet"},
	{0},
};

int unikernel_main(void)
{
	unsigned us = (unsigned)boot_us();
	boot_ready();
	console_printf("Hello, %s, from board %s (%s), %u us after its entry.\n", name, board_name,
		       arch_name, us);
	return 0;
}
