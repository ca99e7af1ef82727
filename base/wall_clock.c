/* SPDX-License-Identifier: ISC */
#include "base/wall_clock.h"

#include "base/assert.h"

uint64_t wall_clock_us(const struct wall_clock *w, uint64_t now_us)
{
	if (w->unix_us == 0)
		return 0;
	int64_t elapsed_us = (int64_t)(now_us - w->at_us);
	int64_t change_us = elapsed_us >> WALL_CLOCK_SLEW_SHIFT;

	if (w->slew_us >= 0)
		change_us = MIN(change_us, w->slew_us);
	else
		change_us = MAX(-change_us, w->slew_us);
	return w->unix_us + (uint64_t)(elapsed_us + change_us);
}

void wall_clock_set(struct wall_clock *w, uint64_t now_us, uint64_t unix_us)
{
	assert(unix_us != 0);
	*w = (struct wall_clock){.unix_us = unix_us, .at_us = now_us};
}

void wall_clock_adjust(struct wall_clock *w, uint64_t now_us, int64_t offset_us)
{
	uint64_t unix_us = wall_clock_us(w, now_us);

	if (offset_us > WALL_CLOCK_SLEW_MAX_US || offset_us < -WALL_CLOCK_SLEW_MAX_US) {
		wall_clock_set(w, now_us, unix_us + (uint64_t)offset_us);
		return;
	}
	wall_clock_set(w, now_us, unix_us);
	w->slew_us = offset_us;
}
