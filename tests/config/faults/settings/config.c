/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key port = key_u16("port", 80, "port to serve on", .min = 1);
	key tls = key_bool("tls", false, "whether to encrypt");
	key unused = key_string("unused", "", "for nothing");

	(void)unused;
	unikernel("app", job("app_start", port, tls));
}
