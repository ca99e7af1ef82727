/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key fast = key_bool("fast", true, "whether to be fast", .stage = BUILD_TIME);
	key name = key_string("name", "a", "what to be called", .stage = BUILD_TIME);
	key mode = key_enum("mode", "a", "a|b", "how to be", .stage = BUILD_TIME);

	if (key_is_on(name) || key_number(name) == 1 || key_is(mode, "c") || key_is(fast, "1"))
		unikernel("no", job("app_start"));
	unikernel("app", job("app_start"));
}
