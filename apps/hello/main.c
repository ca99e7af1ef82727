/* SPDX-License-Identifier: ISC */
#include "arch/cpu.h"
#include "hal/board.h"
#include "runtime/args.h"
#include "runtime/console.h"
#include "runtime/start.h"

static const char *name = "world";

const struct key application_keys[] = {
	{.name = "name", .type = &key_string, .value = &name, .help = "whom to greet"},
	{0},
};

/* No heap, no event loop, no timer: what is not started here is not in the image. */
int unikernel_main(void)
{
	console_printf("Hello, %s, from board %s (%s).\n", name, board_name, arch_name);
	return STATUS_OK;
}
