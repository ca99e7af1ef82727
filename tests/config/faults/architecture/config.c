/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	kv_t one = store("one", "large other");
	kv_t two = store("two", "large");

	unikernel("app", job("app_start", one, two));
}
