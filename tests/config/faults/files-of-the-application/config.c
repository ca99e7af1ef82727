/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	kv_t files = folder("htdocs");
	kv_t own = device("own", kv, sources("config.c", "own.c"), "own_connect", uses(), keys());
	kv_t unused = folder("nothing");

	(void)unused;
	unikernel("app", job("app_start", files, own));
}
