/* SPDX-License-Identifier: ISC */
/* A page of what devices count: it starts behind them, though it was made before. */
#include <fata/config.h>

void configure(void)
{
	chart_t page = chart();
	kv_t one = counting(NULL), plain = drawer(NULL), two = counting("two");

	(void)counting("unused");
	unikernel("counters", job("counters_run", page, one, plain, two));
}
