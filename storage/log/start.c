/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "kvlog"

#include "base/log.h"
#include "base/wall_clock.h"
#include "storage/log/kvlog.h"

enum { US_PER_S = 1000000 };

static uint64_t now_s(void *arg)
{
	const struct kvlog_clock *clock = arg;

	return wall_clock_us(clock->wall, clock->now_us()) / US_PER_S;
}

static void say(const struct flash *flash, enum err e)
{
	if (e == ERR_INVALID)
		log_error("%s holds something that is no store: it is left as it is", flash->name);
	else if (e == ERR_NOTFOUND)
		log_error("%s is blank: there is no store", flash->name);
	else if (e == ERR_UNSUPPORTED)
		log_error("%s: a store of another version, or a medium that is too small",
			  flash->name);
	else if (e == ERR_NOMEM)
		log_error("%s has more blocks or keys than log_store() has memory for",
			  flash->name);
	else
		log_error("%s cannot be mounted: %s", flash->name, err_str(e));
}

void kvlog_start(struct kvlog *s, const struct kvlog_config *config, struct rng *rng,
		 struct kvlog_clock *clock)
{
	struct kvlog_config c = *config;

	/* Only a new store takes it, and it keeps strangers who choose keys from choosing
	   collisions: without a seed it serves no less as a store. */
	if (rng_read(rng, &c.id, sizeof(c.id)) != OK)
		c.id = 1;
	c.now_s = now_s;
	c.now_arg = clock;
	enum err e = kvlog_mount(s, &c);
	if (e != OK && e != ERR_NODEV)
		say(c.flash, e);
}
