/* SPDX-License-Identifier: ISC */
/* Names as long as they may be, and names that main.c has, or makes of others, itself. */
#include <fata/config.h>

void configure(void)
{
	kv_t a = drawer("a-name-of-exactly-32-characters0"),
	     b = drawer("b-name-of-exactly-32-characters0");
	kv_t one = drawer("one0"), clash = drawer("one0-drawer"), start = drawer("start-one0");
	kv_t c = device(
		"c-name-of-exactly-32-characters0", kv, sources(),
		"connect_something_with_a_long_name", uses(a, b, a),
		keys(key_u16("k-name-of-exactly-32-characters0", 1,
			     "a line of help that together with the name of its key does not fit "
			     "into the hundred columns that a line of C may have")));
	kv_t run = drawer("run"), self = drawer("self");

	unikernel("a-name-of-exactly-32-characters0",
		  job("a_job_with_a_name_that_is_long_too", a, b, c, one, clash, start, run, self,
		      link_over(interface(NULL, 0))));
}
