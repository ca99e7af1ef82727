/* SPDX-License-Identifier: ISC */
#include "bench/instructions/measure.h"

#include "base/assert.h"
#include "bench/instructions/client.h"
#include "bench/instructions/link.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"

static const struct {
	enum client_load load;
	uint16_t port;
} loads[] = {
	[MEASURE_KEEP] = {CLIENT_KEEP, MEASURE_RAW_PORT},
	[MEASURE_CLOSE] = {CLIENT_CLOSE, MEASURE_RAW_PORT},
	[MEASURE_HTTP_KEEP] = {CLIENT_KEEP, MEASURE_HTTP_PORT},
	[MEASURE_HTTP_VARY] = {CLIENT_VARY, MEASURE_HTTP_PORT},
	[MEASURE_HTTP_CLOSE] = {CLIENT_CLOSE, MEASURE_HTTP_PORT},
	[MEASURE_IN] = {CLIENT_SEND, MEASURE_DISCARD_PORT},
	[MEASURE_OUT] = {CLIENT_RECEIVE, MEASURE_SOURCE_PORT},
};

struct measurement {
	struct task task;
	struct fiber *waiting;
	uint32_t units;
	uint64_t first; /* units when counting began */
	bool counting;
};

/* A tenth of the units warms up: windows are open, pools and tables have been used. */
static void begin_when_warm(struct measurement *m)
{
	if (m->counting || client_units() < m->units / 10)
		return;
	m->counting = true;
	m->first = client_units();
}

/* A round: what the client sends is handed over, and until the next one the stack is counted. */
static uint64_t round_of(void *self, uint64_t now_us)
{
	struct measurement *m = self;

	link_count(false);
	begin_when_warm(m);
	if (m->counting && client_units() - m->first >= m->units) {
		fiber_wake(m->waiting);
		return TIME_NEVER;
	}
	if (link_is_idle())
		client_step();
	if (link_deliver())
		link_count(m->counting);
	return now_us;
}

int measure(const struct measure_run *run)
{
	static struct measurement m;
	const struct client_config config = {.load = loads[run->load].load,
					     .port = loads[run->load].port,
					     .connections = run->connections,
					     .options = run->options};

	assert(run->load < ARRAY_SIZE(loads));
	m = (struct measurement){.waiting = fiber_current(), .units = run->units};
	link_set_client(client_receive);
	client_start(&config);
	task_add(&m.task, "measure", round_of, &m);
	while (!m.counting || client_units() - m.first < m.units)
		fiber_park();
	task_remove(&m.task);
	console_printf("units %llu, frames in %llu, out %llu\n",
		       (unsigned long long)(client_units() - m.first),
		       (unsigned long long)link_frames_in(), (unsigned long long)link_frames_out());
	return STATUS_OK;
}
