/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key fast = key_bool("fast", true, "whether to be fast");
	kv_t store = choose(key_is_on(fast), store("fast", NULL), store("slow", NULL));

	unikernel("app", job("app_start", store));
}
