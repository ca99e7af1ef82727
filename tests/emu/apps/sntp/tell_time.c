/* SPDX-License-Identifier: ISC */
/* Prints the time of day at the start, and after each answer. */
#include "base/date.h"
#include "net/sntp/sntp.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "runtime/time.h"
#include "unikernel.h"

static void print_time(const char *what, const struct wall_clock *wall)
{
	char text[DATE_CHARS];

	console_printf("%s %s\n", what, date_format(wall_clock_us(wall, time_now_us()), text));
}

int tell_time(struct sntp *sntp, struct wall_clock *wall)
{
	uint32_t seen = 0;

	print_time("before", wall);
	boot_ready();
	for (;;) {
		fiber_sleep(10 * US_PER_MS);
		if (sntp->stats.accepted == seen)
			continue;
		seen = sntp->stats.accepted;
		print_time("answered", wall);
	}
}
