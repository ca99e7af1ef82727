/* SPDX-License-Identifier: ISC */
/* The board's pins as somebody says at the console's other end, and its light. */
#include <fata/config.h>

void configure(void)
{
	(void)heartbeat_on(default_led(), .on_ms = 200, .off_ms = 300);
	unikernel("pins", job("pins_test", default_gpio(), default_timer(),
			      key_list("high", "u16", 8, "", "pins to make outputs, high"),
			      key_list("low", "u16", 8, "", "pins to make outputs, low"),
			      key_bool("stay", false, "does not end")));
}
