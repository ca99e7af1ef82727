/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	kv_t own = device("own", kv, sources(), "own connect", uses(), keys());
	kv_t stops = device("stops", kv, sources(), "stops_connect", uses(), keys(), .stop = "8");

	unikernel("app", job("web-start", own, stops), job("int"), job(""), job(NULL), job("main"));
}
