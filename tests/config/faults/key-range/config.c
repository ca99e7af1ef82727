/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key a = key_u16("a", 80, "a number", .min = 100, .max = 50);
	key b = key_u16("b", 80, "a number", .max = 70000);
	key c = key_u32("c", 80, "a number", .min = -1);
	key d = key_string("d", "text", "a text", .max = 5);
	key e = key_enum("e", "a", "a|b|a", "a word");
	key f = key_list("f", "bool", 3, "", "switches");
	key g = key_list("g", "u16", 5000, "", "numbers");

	unikernel("app", job("app_start", a, b, c, d, e, f, g));
}
