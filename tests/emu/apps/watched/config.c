/* SPDX-License-Identifier: ISC */
/* An image that the watchdog watches. */
#include <fata/config.h>

void configure(void)
{
	(void)watchdog_fed(default_watchdog(), .timeout = "1s");
	unikernel("watched", job("watched", default_timer()));
}
