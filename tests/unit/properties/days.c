/* SPDX-License-Identifier: ISC */
/* Long times: a day of idle connections, and the moments at which 32-bit counters wrap. */
#include "tests/unit/properties/tests.h"

#include "base/bytes.h"

#define WRAP     (UINT64_C(1) << 32)
#define HOUR_US  (3600 * (uint64_t)US_PER_S)
#define TRANSFER 200000

enum { DAY_CONNECTIONS = 3, MESSAGE_BYTES = 100 };

/* The initial sequence numbers of the first handshake. */
static struct {
	uint32_t seq[2];
	bool seen[2];
} initial;

static void note_initial(void *self, uint64_t now_us, const uint8_t *frame, size_t len, bool lost)
{
	unsigned side = *(const unsigned *)self;
	(void)now_us;
	(void)lost;
	if (len < FRAME_L4 + 20 || frame[FRAME_ETH + 9] != 6 ||
	    (frame[FRAME_L4 + 13] & 0x02) == 0 || initial.seen[side])
		return;
	initial.seen[side] = true;
	initial.seq[side] = load_be32(frame + FRAME_L4 + 4);
}

static void transfer_from(uint64_t start_us, uint64_t seed)
{
	static const unsigned sides[2] = {0, 1};
	struct scenario s;
	scenario_plain(&s, seed);
	s.start_us = start_us;
	s.connections = 1;
	connection_plain(&world.connection[0], TRANSFER, TRANSFER);
	initial.seen[0] = initial.seen[1] = false;
	world_start(&s);
	for (unsigned i = 0; i < 2; i++) {
		world.sim.direction[i].wire.conditions.loss_ppm = 10000;
		world.sim.direction[i].tap = note_initial;
		world.sim.direction[i].tap_self = (void *)(uintptr_t)&sides[i];
	}
	link_sim_run(&world.sim, start_us + 100 * (uint64_t)US_PER_S);
	assert_true(world_is_over());
	assert_null(connection_fault(&world.connection[0]));
	assert_null(world_end());
	world_stop();
}

static void clocks_wrap(void **state)
{
	static const uint64_t wraps_us[] = {WRAP / 2, WRAP, WRAP * 4, WRAP / 2 * US_PER_MS,
					    WRAP * US_PER_MS};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(wraps_us); i++) {
		for (uint64_t before_us = 1; before_us < 4 * US_PER_S; before_us *= 7)
			transfer_from(wraps_us[i] - before_us, i);
	}
}

/* The numbers rise every four microseconds: so much later they begin where they are wanted. */
static void sequence_numbers_wrap(void **state)
{
	static const uint32_t before[] = {0, 1, 2, 1000, 1460, 65535, 100000, TRANSFER};
	uint64_t start_us = 10 * US_PER_S;
	(void)state;
	for (unsigned side = 0; side < 2; side++) {
		for (unsigned i = 0; i < ARRAY_SIZE(before); i++) {
			transfer_from(start_us, 5);
			uint64_t ticks = WRAP - before[i] - initial.seq[side];
			transfer_from(start_us + ticks % WRAP * 4, 5);
			assert_int_equal(initial.seq[side], (uint32_t)(WRAP - before[i]));
		}
	}
}

static void say_something(struct connection *c)
{
	c->client.out_bytes += MESSAGE_BYTES;
	c->server.in_bytes += MESSAGE_BYTES;
	c->server.out_bytes += MESSAGE_BYTES / 2;
	c->client.in_bytes += MESSAGE_BYTES / 2;
	party_run(&c->client, world.sim.now_us);
	party_run(&c->server, world.sim.now_us);
}

static void start_day(struct scenario *s)
{
	scenario_plain(s, 7);
	s->start_us = WRAP * US_PER_MS - 12 * HOUR_US; /* milliseconds wrap at noon */
	s->link[0].loss_ppm = s->link[1].loss_ppm = 10000;
	s->connections = DAY_CONNECTIONS;
	for (unsigned i = 0; i < DAY_CONNECTIONS; i++) {
		connection_plain(&world.connection[i], 0, 0);
		world.connection[i].client.held_open = true;
		world.connection[i].server.held_open = true;
	}
	world_start(s);
	link_sim_run(&world.sim, s->start_us + 60 * (uint64_t)US_PER_S);
}

/* Connections on which little is said, every few minutes, last for a day and cost nothing more. */
static void a_day_of_idle_connections(void **state)
{
	struct scenario s;
	struct random r = {8};
	unsigned said = 0;
	(void)state;
	start_day(&s);
	while (world.sim.now_us < s.start_us + 24 * HOUR_US) {
		struct connection *c = &world.connection[said++ % DAY_CONNECTIONS];
		assert_non_null(c->client.flow);
		assert_non_null(c->server.flow);
		say_something(c);
		link_sim_run(&world.sim, world.sim.now_us + random_between(&r, 30, 150) * US_PER_S);
	}
	assert_true(said > 700);
	assert_true(world.sim.polls < 40 * (uint64_t)said); /* nobody polls without a reason */
	for (unsigned i = 0; i < DAY_CONNECTIONS; i++) {
		struct connection *c = &world.connection[i];
		c->client.held_open = c->server.held_open = false;
		party_run(&c->client, world.sim.now_us);
		party_run(&c->server, world.sim.now_us);
	}
	link_sim_run(&world.sim, world.sim.now_us + 60 * (uint64_t)US_PER_S);
	assert_true(world_is_over());
	for (unsigned i = 0; i < DAY_CONNECTIONS; i++)
		assert_null(connection_fault(&world.connection[i]));
	assert_null(world_end());
	world_stop();
}

int day_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_wrap),
		cmocka_unit_test(sequence_numbers_wrap),
		cmocka_unit_test(a_day_of_idle_connections),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
