/* SPDX-License-Identifier: ISC */
/* Receive windows that grow with what arrives, inside what all may have together. */
#include "tests/unit/tcp/tests.h"

#include <stdlib.h>

#include "tests/unit/tcp/peer.h"

enum { INITIAL = 8192, MAX_BYTES = 256 * 1024, TOTAL = 400 * 1024, BYTES = 2 << 20 };

static struct tcp_config config_with_tuning(void)
{
	struct tcp_config config = world_config;
	config.recv_bytes = MAX_BYTES;
	config.recv_initial = INITIAL;
	config.recv_total = TOTAL;
	config.recv_packets = 256;
	config.send_bytes = 1 << 20;
	config.tuning = true;
	return config;
}

/* What the connections of one side have been promised, or hold; asserts what each may have. */
static uint32_t promised(const struct tcp *tcp, uint32_t *largest)
{
	uint32_t sum = 0, grown = 0;
	*largest = 0;
	for (uint32_t b = 0; b <= tcp->table_mask; b++) {
		for (struct tcp_endpoint *ep = tcp->table[b]; ep != NULL; ep = ep->next) {
			if (ep->kind != TCP_CONN)
				continue;
			const struct tcp_conn *c = conn_of(ep);
			uint32_t has = conn_recv_window(c) + c->rcv.bytes;
			assert_true(has <= c->rcv.size && c->rcv.size <= MAX_BYTES);
			*largest = MAX(*largest, c->rcv.size);
			grown += c->rcv.size - INITIAL;
			sum += has;
		}
	}
	assert_int_equal(grown, tcp->grown);
	assert_true(grown <= TOTAL);
	assert_true(sum <= 8 * INITIAL + TOTAL);
	return sum;
}

static void accept_reading(struct app *a)
{
	a->close_at_eof = true;
}

static void accept_paused(struct app *a)
{
	a->paused = true;
}

/* Lets `n` clients send BYTES each for at most a minute; returns the largest window. */
static uint32_t send_much(struct world *w, struct app *clients, unsigned n, uint64_t *took_us)
{
	static uint8_t data[BYTES];
	uint32_t largest = 0, now;
	uint64_t start_us = world_now(w), end_us = start_us + 60 * (uint64_t)US_PER_S;
	bool done = false;
	w->pipe.delay_us = 20000;
	for (unsigned i = 0; i < n; i++)
		world_connect(w, &clients[i]);
	world_run(w, 100000);
	for (unsigned i = 0; i < n; i++) {
		clients[i].close_when_out = true;
		app_write(&clients[i], data, BYTES);
	}
	while (!done && world_now(w) < end_us) {
		world_run(w, 5000);
		(void)promised(w->side[0].tcp, &now);
		largest = MAX(largest, now);
		done = true;
		for (unsigned i = 0; i < n; i++)
			done &= clients[i].flow == NULL && w->side[0].app[i].flow == NULL;
	}
	*took_us = world_now(w) - start_us;
	return largest;
}

static void window_grows_on_a_long_path(void **state)
{
	(void)state;
	uint64_t took_us[2];
	for (unsigned tuned = 0; tuned < 2; tuned++) {
		struct tcp_config config = config_with_tuning();
		struct app a = {0};
		if (!tuned) {
			config.tuning = NULL;
			config.recv_bytes = INITIAL;
		}
		struct world *w = world_new(&config, true);
		w->side[0].on_accept = accept_reading;
		if (tuned) {
			assert_in_range(send_much(w, &a, 1, &took_us[1]), MAX_BYTES / 2, MAX_BYTES);
		} else {
			static uint8_t data[BYTES];
			uint64_t start_us = world_now(w);
			w->pipe.delay_us = 20000;
			world_connect(w, &a);
			a.close_when_out = true;
			app_write(&a, data, BYTES);
			while (w->side[0].accepted == 0 || w->side[0].app[0].flow != NULL)
				world_run(w, 5000);
			took_us[0] = world_now(w) - start_us;
		}
		assert_int_equal(world_server(w)->in_len, BYTES);
		app_fini(&a);
		world_free(w);
	}
	assert_true(took_us[1] * 4 < took_us[0]);
}

/* Who reads nothing gets no more than the beginning. */
static void window_of_a_user_who_does_not_read_stays(void **state)
{
	struct tcp_config config = config_with_tuning();
	struct app a = {0};
	uint64_t took_us;
	(void)state;
	struct world *w = world_new(&config, true);
	w->side[0].on_accept = accept_paused;
	assert_true(send_much(w, &a, 1, &took_us) <= 3 * INITIAL);
	app_fini(&a);
	world_free(w);
}

/* Many at once: none has all, together they have no more than there is, and it comes back. */
static void windows_share_what_there_is(void **state)
{
	struct tcp_config config = config_with_tuning();
	struct app a[8] = {0};
	uint64_t took_us;
	(void)state;
	struct world *w = world_new(&config, true);
	w->side[0].on_accept = accept_reading;
	uint32_t largest = send_much(w, a, 8, &took_us);
	assert_in_range(largest, 2 * INITIAL, TOTAL / 2 + INITIAL);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(w->side[0].app[i].in_len, BYTES);
	for (unsigned i = 0; i < 8; i++)
		app_fini(&a[i]);
	world_free(w);
}

int tuning_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_grows_on_a_long_path),
		cmocka_unit_test(window_of_a_user_who_does_not_read_stays),
		cmocka_unit_test(windows_share_what_there_is),
	};
	return cmocka_run_group_tests_name("tcp window tuning", tests, NULL, NULL);
}
