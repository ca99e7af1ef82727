/* SPDX-License-Identifier: ISC */
/* greets and powers off */
#include <fata/config.h>

void configure(void)
{
	key name = key_string("name", "world", "whom to greet");

	unikernel("hello", job("hello", name));
}
