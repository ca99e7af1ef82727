/* SPDX-License-Identifier: ISC */
/* Paths that swallow large packets without a word: RFC 4821, RFC 8899. */
#include "tests/unit/tcp/tests.h"

#include <stdlib.h>

#include "tests/unit/tcp/peer.h"

enum { BYTES = 1 << 20, IPV4_HEADER = 20, DELAY_US = 5000 };

struct hole {
	size_t mtu; /* larger packets are lost */
	unsigned lost;
};

static bool swallow(void *arg, const struct ip_frame *f)
{
	struct hole *h = arg;
	bool fits = f->len + IPV4_HEADER <= h->mtu;
	h->lost += !fits;
	return fits;
}

/* End 1's connection. */
static struct tcp_conn *sender(struct world *w)
{
	struct tcp *tcp = w->side[1].tcp;
	for (uint32_t b = 0; b <= tcp->table_mask; b++) {
		if (tcp->table[b] != NULL && tcp->table[b]->kind == TCP_CONN)
			return conn_of(tcp->table[b]);
	}
	fail();
	return NULL;
}

static struct world *begin(const struct tcp_config *config, struct app *a, struct hole *h,
			   uint8_t **data)
{
	struct world *w = world_new(config, true);
	*data = malloc(BYTES);
	assert_non_null(*data);
	for (size_t i = 0; i < BYTES; i++)
		(*data)[i] = (uint8_t)(i * 7 + i / 999);
	w->pipe.delay_us = DELAY_US;
	world_connect(w, a);
	world_run(w, 3 * DELAY_US);
	w->pipe.filter = swallow;
	w->pipe.filter_arg = h;
	app_write(a, *data, BYTES);
	return w;
}

static void end(struct world *w, struct app *a, const uint8_t *data)
{
	const struct app *b = world_server(w);
	assert_int_equal(b->in_len, BYTES);
	assert_memory_equal(b->in, data, BYTES);
	w->pipe.filter = NULL;
	app_fini(a);
	world_free(w);
}

static void black_hole_is_found_and_measured(void **state)
{
	static const struct {
		size_t mtu;
		uint16_t found;
	} cases[] = {{1492, 1492}, {1420, 1400}, {1280, 1280}, {1210, 1200}, {600, 552}};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct app a = {0};
		uint8_t *data;
		struct hole h = {.mtu = cases[i].mtu};
		struct world *w = begin(&tcp_config_default, &a, &h, &data);
		world_run(w, 60 * (uint64_t)US_PER_S);
		assert_int_equal(sender(w)->path_mtu, cases[i].found);
		assert_int_equal(sender(w)->mtu_high, TCP_MTU_WAITS);
		const struct tcp_stats *s = tcp_stats(w->side[1].tcp);
		assert_int_equal(s->black_holes, cases[i].found < 1200 ? 2 : 1);
		/* A probe that is lost costs its retransmission, no timeout. */
		if (cases[i].found >= 1200)
			assert_int_equal(s->timeouts, 3);
		end(w, &a, data);
		free(data);
	}
}

/* The path was only interrupted. */
static void interruption_leaves_nothing_behind(void **state)
{
	struct app a = {0};
	uint8_t *data;
	struct hole h = {.mtu = 0};
	struct world *w = begin(&tcp_config_default, &a, &h, &data);
	(void)state;
	world_run(w, 3 * US_PER_S);
	assert_int_equal(sender(w)->path_mtu, 1200);
	h.mtu = 1500;
	world_run(w, 30 * (uint64_t)US_PER_S);
	assert_int_equal(sender(w)->path_mtu, 1500);
	assert_int_equal(tcp_stats(w->side[1].tcp)->mtu_probes, 1);
	end(w, &a, data);
	free(data);
}

static void without_the_part_it_is_not_found(void **state)
{
	struct tcp_config config = tcp_config_default;
	struct app a = {0};
	uint8_t *data;
	struct hole h = {.mtu = 1400};
	(void)state;
	config.mtu_probing = NULL;
	struct world *w = begin(&config, &a, &h, &data);
	world_run(w, 30 * (uint64_t)US_PER_S);
	assert_int_equal(world_server(w)->in_len, 0);
	w->pipe.filter = NULL;
	world_run(w, 100 * (uint64_t)US_PER_S);
	end(w, &a, data);
	free(data);
}

/* The loss of a probe alone does not shrink the window (RFC 4821 section 7.5). */
static void lost_probe_is_no_congestion(void **state)
{
	struct app a = {0};
	uint8_t *data;
	struct hole h = {.mtu = 1450};
	struct world *w = begin(&tcp_config_default, &a, &h, &data);
	(void)state;
	while (tcp_stats(w->side[1].tcp)->mtu_probes == 0)
		world_run(w, 1000);
	uint32_t cwnd = sender(w)->cc.cwnd;
	world_run(w, 4 * DELAY_US);
	assert_true(sender(w)->cc.cwnd >= cwnd);
	assert_int_equal(sender(w)->path_mtu, 1200);
	world_run(w, 60 * (uint64_t)US_PER_S);
	assert_int_equal(sender(w)->path_mtu, 1450);
	end(w, &a, data);
	free(data);
}

/* Where the path has become better, that is found ten minutes later (RFC 8899 section 5.1.1): by a
 * probe after a black hole, and after an ICMP error, too. */
static void search_begins_anew(void **state)
{
	(void)state;
	for (int icmp = 0; icmp < 2; icmp++) {
		struct app a = {0};
		uint8_t *data;
		struct hole h = {.mtu = icmp ? 1500 : 1400};
		struct world *w = begin(&tcp_config_default, &a, &h, &data);
		if (icmp) {
			struct tcp_conn *c = sender(w);
			world_run(w, DELAY_US / 2);
			c->path_mtu = 1300;
			tcp_conn_set_mss(c);
			tcp_plpmtud_lowered(c);
		}
		world_run(w, 60 * (uint64_t)US_PER_S);
		assert_int_equal(sender(w)->path_mtu, icmp ? 1300 : 1400);
		h.mtu = 1500;
		uint32_t probes = tcp_stats(w->side[1].tcp)->mtu_probes;
		app_write(&a, data, BYTES);
		world_run(w, 500 * (uint64_t)US_PER_S);
		assert_int_equal(tcp_stats(w->side[1].tcp)->mtu_probes, probes);
		world_run(w, 601 * (uint64_t)US_PER_S);
		app_write(&a, data, BYTES);
		world_run(w, 60 * (uint64_t)US_PER_S);
		assert_int_equal(sender(w)->path_mtu, 1500);
		assert_int_equal(sender(w)->mtu_high, 0);
		assert_int_equal(tcp_stats(w->side[1].tcp)->mtu_probes, probes + 1);
		assert_int_equal(world_server(w)->in_len, 3 * BYTES);
		w->pipe.filter = NULL;
		app_fini(&a);
		world_free(w);
		free(data);
	}
}

int plpmtud_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(black_hole_is_found_and_measured),
		cmocka_unit_test(interruption_leaves_nothing_behind),
		cmocka_unit_test(without_the_part_it_is_not_found),
		cmocka_unit_test(lost_probe_is_no_congestion),
		cmocka_unit_test(search_begins_anew),
	};
	return cmocka_run_group_tests_name("tcp plpmtud", tests, NULL, NULL);
}
