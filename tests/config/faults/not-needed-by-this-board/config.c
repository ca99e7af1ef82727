/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	/* The clock and the second interface are not needed: only the faults of what is are told.
	 */
	clock_t clock = wall_clock();
	ip_t unused = layer_over(port("lan", 1));
	ip_t ip = choose(is_board("beta"), unused, layer_over(port(NULL, 0)));
	kv_t kv = choose(is_board("alpha"), store("small", NULL), store("none", "large"));

	(void)clock;
	unikernel("app", job("app_start", ip, kv, disk(0)));
}
