/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	kv_t good = device("good", kv, sources(), "connect_one", uses(), keys(),
			   .modules = "base net/tcp");
	kv_t bad = device("bad", kv, sources(), "connect_two", uses(), keys(),
			  .modules = "base net/tpc");
	kv_t unused =
		device("unused", kv, sources(), "connect_three", uses(), keys(), .modules = "x");

	(void)unused;
	unikernel("app", job("app_start", good, bad));
}
