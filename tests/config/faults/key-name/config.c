/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key a = key_bool("Port", true, "port");
	key b = key_bool("no-port", true, "port");
	key c = key_bool("help", true, "port");
	key d = key_bool("log", true, "port");
	key e = key_bool("", true, "port");
	key f = key_bool(NULL, true, "port");
	key g = key_bool("a-name-that-is-longer-than-one-would-type", true, "port");
	key h = key_bool("8080", true, "port");

	unikernel("app", job("app_start", a, b, c, d, e, f, g, h));
}
