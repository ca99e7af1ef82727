/* SPDX-License-Identifier: ISC */
/* No stack on a microcontroller: what the controller and the emulator leave to gain. */
#include <fata/config.h>

void configure(void)
{
	no_boot_arguments();
	no_malloc();
	no_counters();
	key ipv4 = key_ipv4("ipv4", "10.0.2.15", "address");

	unikernel("micro-none",
		  with_stack(job("answer_frames", default_timer(), embedded_files("htdocs"), ipv4),
			     2048));
}
