/* SPDX-License-Identifier: ISC */
/* What can be asked about connections while they live. */
#include "tests/unit/tcp/tests.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/tcp/world.h"

static void each_connection_is_told_of_once(void **state)
{
	struct world *w = world_new(&world_config, true);
	static const uint8_t data[3000];
	struct tcp_info info;
	struct app a[2] = {0};
	uint32_t cursor = 0;
	(void)state;

	assert_false(tcp_info(w->side[1].tcp, &cursor, &info));
	w->pipe.delay_us = 20000;
	for (unsigned i = 0; i < 2; i++) {
		world_connect(w, &a[i]);
		world_run(w, 100000);
	}
	app_write(&a[1], data, sizeof(data));
	world_run(w, 1000);
	cursor = 0;
	assert_true(tcp_info(w->side[1].tcp, &cursor, &info));
	uint16_t first_port = info.local_port;
	assert_int_equal(info.remote_port, PORT);
	assert_int_equal(info.send_queue_bytes, 0);
	assert_true(tcp_info(w->side[1].tcp, &cursor, &info));
	assert_int_not_equal(info.local_port, first_port);
	assert_in_range(info.rtt_us, 40000, 41000);
	assert_true(info.rto_us > info.rtt_us);
	assert_int_equal(info.send_queue_bytes, sizeof(data));
	assert_int_equal(info.unacked_bytes, sizeof(data));
	assert_true(info.cwnd_bytes >= sizeof(data));
	assert_false(tcp_info(w->side[1].tcp, &cursor, &info));

	/* The place of one that is over is passed over. */
	flow_abort(a[0].flow);
	a[0].flow = NULL;
	world_run(w, 100000);
	cursor = 0;
	assert_true(tcp_info(w->side[1].tcp, &cursor, &info));
	assert_int_not_equal(info.local_port, first_port);
	assert_false(tcp_info(w->side[1].tcp, &cursor, &info));
	cursor = 0;
	assert_true(tcp_info(w->side[0].tcp, &cursor, &info));
	assert_int_equal(info.recv_queue_bytes, 0);
	world_abandon(w);
}

/* What all connections take together is what each of them takes, and ends with them. */
static void memory_is_accounted_for(void **state)
{
	struct world *w = world_new(&world_config, true);
	static const uint8_t data[3000];
	struct app a[3] = {0};
	struct tcp_info info;
	uint32_t cursor = 0, bytes = 0, packets = 0;
	(void)state;

	for (unsigned i = 0; i < 3; i++) {
		world_connect(w, &a[i]);
		world_run(w, 10000);
		w->side[0].app[i].paused = true;
		app_write(&a[i], data, 1000 * i);
	}
	assert_int_equal(tcp_usage(w->side[1].tcp).send_slices, 2);
	world_run(w, 10000);
	struct tcp_usage u = tcp_usage(w->side[0].tcp);
	while (tcp_info(w->side[0].tcp, &cursor, &info)) {
		bytes += info.memory_bytes;
		packets += info.recv_packets;
	}
	assert_int_equal(u.connections, 3);
	assert_int_equal(u.used_bytes, bytes);
	assert_int_equal(u.recv_packets, packets);
	assert_int_equal(u.recv_packets, pool_in_use(&w->side[0].rx));
	assert_int_equal(u.memory_bytes, tcp_memory_bytes(&world_config));
	assert_true(u.used_bytes < u.memory_bytes);
	for (unsigned i = 0; i < 3; i++) {
		flow_abort(a[i].flow);
		flow_close(w->side[0].app[i].flow);
		w->side[0].app[i].flow = NULL;
	}
	world_run(w, 10000);
	assert_int_equal(tcp_usage(w->side[0].tcp).used_bytes, 0);
	assert_int_equal(tcp_usage(w->side[1].tcp).used_bytes, 0);
	world_free(w);
}

static void a_row_names_both_ends(void **state)
{
	struct world *w = world_new(&world_config, true);
	_Alignas(uint64_t) uint8_t row[COUNTER_ROW_BYTES];
	char labels[COUNTER_LABELS_BYTES], wanted[COUNTER_LABELS_BYTES];
	char local[INET_ADDR_CHARS], remote[INET_ADDR_CHARS];
	const struct tcp_info *info = (const void *)row;
	struct app a = {0};
	uint32_t cursor = 0;
	(void)state;

	world_connect(w, &a);
	world_run(w, 1000);
	assert_true(tcp_info_row(w->side[1].tcp, &cursor, row, labels));
	snprintf(wanted, sizeof(wanted), "local=\"%s:%u\",remote=\"%s:%u\"",
		 inet_format(&info->local, local), info->local_port,
		 inet_format(&info->remote, remote), PORT);
	assert_string_equal(labels, wanted);
	assert_false(tcp_info_row(w->side[1].tcp, &cursor, row, labels));
	world_abandon(w);
}

/* What a stranger can take is on the page: how much of each pool, of how much. */
static void pools_are_rows(void **state)
{
	struct world *w = world_new(&world_config, true);
	_Alignas(uint64_t) uint8_t row[COUNTER_ROW_BYTES];
	char labels[COUNTER_LABELS_BYTES];
	const struct pool *pool = (const void *)row;
	struct app a = {0};
	unsigned rows = 0, found = 0;
	(void)state;

	world_connect(w, &a);
	world_run(w, US_PER_S);
	for (uint32_t cursor = 0; tcp_pool_row(w->side[0].tcp, &cursor, row, labels); rows++) {
		if (strcmp(labels, "pool=\"connections\"") == 0) {
			assert_int_equal(pool->count, world_config.connections);
			assert_int_equal(pool->used, 1);
			found++;
		} else if (strcmp(labels, "pool=\"half_open\"") == 0) {
			assert_int_equal(pool->count, world_config.half_open);
			assert_int_equal(pool->used, 0);
			assert_int_equal(pool->touched, 1);
			found++;
		}
	}
	assert_int_equal(found, 2);
	assert_in_range(rows, 5, 6);
	world_abandon(w);
}

int info_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_connection_is_told_of_once),
		cmocka_unit_test(memory_is_accounted_for),
		cmocka_unit_test(a_row_names_both_ends),
		cmocka_unit_test(pools_are_rows),
	};
	return cmocka_run_group_tests_name("tcp info", tests, NULL, NULL);
}
