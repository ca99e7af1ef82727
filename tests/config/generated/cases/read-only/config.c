/* SPDX-License-Identifier: ISC */
/* A store that can be changed, handed over as it is and only to be read. */
#include <fata/config.h>

void configure(void)
{
	kv_rw_t settings = device("settings", kv_rw, sources("settings.c"), "settings_connect",
				  uses(), keys());

	unikernel("read-only", job("serve", settings, read_only(settings)));
}
