/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key port = key_u16("port", 80, "port to serve on");
	key other = key_u16("port", 81, "port to serve on");

	unikernel("app", job("app_start", port, other));
}
