/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	kv_t store = store("pages", NULL);
	kv_t other = store("pages", NULL);

	unikernel("app", job("app_start", store, other));
}
