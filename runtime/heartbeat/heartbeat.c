/* SPDX-License-Identifier: ISC */
#include "runtime/heartbeat/heartbeat.h"

#define LOG_MODULE "heartbeat"
#include "base/log.h"
#include "hal/timer.h"

static void check(struct heartbeat *h, enum err e)
{
	if (e == OK)
		return;
	log_warn("the LED does not work: %s", err_str(e));
	h->led = NULL;
}

void heartbeat_start(struct heartbeat *h, const struct gpio_line *led, uint32_t on_ms,
		     uint32_t off_ms)
{
	*h = (struct heartbeat){
		.led = led, .on_us = on_ms * US_PER_MS, .off_us = off_ms * US_PER_MS};
	if (led != NULL)
		check(h, gpio_line_output(led, false));
}

uint64_t heartbeat_poll(struct heartbeat *h, uint64_t now_us)
{
	if (h->led != NULL && now_us >= h->next_us) {
		h->is_on = !h->is_on;
		h->next_us = now_us + (h->is_on ? h->on_us : h->off_us);
		check(h, gpio_line_set(h->led, h->is_on));
	}
	return h->led != NULL ? h->next_us : TIME_NEVER;
}

void heartbeat_stop(struct heartbeat *h)
{
	if (h->led != NULL)
		check(h, gpio_line_set(h->led, false));
}
