/* SPDX-License-Identifier: ISC */
/* What is left out where memory is scarce. */
#include <fata/config.h>

void configure(void)
{
	no_boot_arguments();
	no_malloc();
	no_console_input();
	brief_faults();
	brief_log();
	no_counters();
	memory_limit(3 << 20);
	flash_limit(64 << 10);
	unikernel("smallest", job("smallest_run", counting(NULL), drawer("papers")));
}
