/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key a = key_bool("a", true, "");
	key b = key_bool("b", true, NULL);
	key c = key_bool("c", true, "one\ntwo");

	unikernel("app", job("app_start", a, b, c));
}
