/* SPDX-License-Identifier: ISC */
/* A disk in direct style: what each does, read-only ones, ones that grow, ones that fail. */
#include <fata/config.h>

void configure(void)
{
	unikernel("diskcheck", job("diskcheck", disk_over(default_block()),
				   key_string("mode", "check", "check, read-only, grow or fail")));
}
