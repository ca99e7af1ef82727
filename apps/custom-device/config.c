/* SPDX-License-Identifier: ISC */
/* a device of the application's own, with a signature of its own */
#include <fata/config.h>

SIGNATURE(thermometer, "struct thermometer *", "thermometer.h");

/* One to develop with; whoever uses it would see no difference to one that a board has. */
static thermometer_t simulated_thermometer(key start)
{
	return device("simulated", thermometer, sources("simulated.c"), "simulated_connect",
		      uses(default_timer()), keys(start), .stop = "simulated_stop");
}

void configure(void)
{
	key start = key_int("start", 20, "degrees Celsius to begin with", .min = -40, .max = 80);
	key samples = key_u32("samples", 3, "readings to take", .min = 1, .max = 1000);
	key interval = key_duration("interval", "10ms", "time between two readings");

	unikernel("custom-device", job("watch", simulated_thermometer(start), samples, interval));
}
