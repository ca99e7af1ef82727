/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key list = key_list("names", "text", 4, "", "names");
	key port = key_of("u8", "port", "80", "port to serve on");
	key mode = key_of("enum", "mode", "a", "mode to be in");

	unikernel("app", job("app_start", port, list, mode));
}
