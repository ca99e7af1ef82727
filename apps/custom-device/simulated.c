/* SPDX-License-Identifier: ISC */
/*
 * A thermometer that grows a degree warmer every second.
 */
#include "base/list.h"
#include "hal/timer.h"
#include "runtime/console.h"
#include "unikernel.h"

struct simulated {
	struct thermometer thermometer;
	struct timer *timer;
	uint64_t since_us;
	int32_t start_millidegrees;
};

static enum err read_simulated(struct thermometer *t, int32_t *millidegrees)
{
	struct simulated *s = container_of(t, struct simulated, thermometer);
	uint64_t elapsed_us = timer_now_us(s->timer) - s->since_us;

	*millidegrees = s->start_millidegrees + (int32_t)((uint32_t)elapsed_us / US_PER_MS);
	return OK;
}

enum err simulated_connect(struct thermometer **self, struct timer *timer, int64_t start)
{
	static const struct thermometer_ops ops = {.read = read_simulated};
	static struct simulated s;

	s = (struct simulated){
		.thermometer.ops = &ops,
		.timer = timer,
		.since_us = timer_now_us(timer),
		.start_millidegrees = (int32_t)start * 1000,
	};
	*self = &s.thermometer;
	return OK;
}

void simulated_stop(struct thermometer *self)
{
	(void)self;
	console_printf("The thermometer is off.\n");
}
