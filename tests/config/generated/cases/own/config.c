/* SPDX-License-Identifier: ISC */
/* Devices and a signature of the application's own; one handle handed over twice. */
#include <fata/config.h>

SIGNATURE(thermometer, "struct thermometer *", "tests/config/generated/modules/sample.h");

void configure(void)
{
	key start = key_u32("start", 4000000000, "where to begin");
	kv_t store = drawer(NULL);
	kv_t counter = device("counter", kv, sources("counter.c", "./fast.c", "fast/add.S"),
			      "counter_connect", uses(store, store), keys(start),
			      .stop = "counter_stop", .modules = "base", .ram_bytes = 12);
	thermometer_t outside = device("int", thermometer, sources("../shared/meter.c"),
				       "thermometer_connect", uses(counter, sample_timer()),
				       keys());

	unikernel("own", job("watch", counter, outside, counter));
}
