/* SPDX-License-Identifier: ISC */
/* The page of counters: its text, and that it takes no more memory for a slow peer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/metrics/metrics.h"
#include "tests/fakes/flow_fake.h"

#define HEADER                                                                                     \
	"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"            \
	"Transfer-Encoding: chunked\r\n\r\n"
#define GET  "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
#define HEAD "HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n"

static struct http *http;
static void *memory;
static struct metrics metrics;
static struct http_route routes[2];

static int start(const struct metric *table, size_t n)
{
	memory = malloc(http_memory_bytes(&http_config_default));
	http = http_init(memory, &http_config_default, 0, 1, (struct waker){0});
	metrics_init(&metrics, table, n);
	routes[0] = (struct http_route){
		.path = "/metrics", .handler = metrics_handler, .arg = &metrics};
	http_set_routes(http, routes);
	return 0;
}

static void stop(void)
{
	for (unsigned i = 0; i < METRICS_SCRAPES; i++) {
		assert_null(metrics.scrapes[i].conn);
		for (unsigned n = 0; n < METRICS_BUFFERS; n++)
			assert_int_equal(metrics.scrapes[i].buffers[n].ref.count, 0);
	}
	free(memory);
}

static void run(struct flow_fake *f)
{
	while (flow_fake_poll(f, 1) | (http_poll(http, 1) <= 1))
		continue;
}

static void request(struct flow_fake *f, const char *text)
{
	flow_fake_init(f);
	http_accept(http, &f->flow, 1);
	flow_fake_feed(f, text, strlen(text));
	run(f);
}

static void end(struct flow_fake *f)
{
	flow_fake_reset(f);
	run(f);
	flow_fake_fini(f);
}

static void text(void **state)
{
	static uint64_t large = UINT64_MAX, zero;
	static uint32_t small = 4294967295, gauge = 7;
	static const struct metric table[] = {
		METRIC("a_total", "A \"count\" of\nC:\\.", METRIC_COUNTER, NULL, large),
		METRIC("b:c_total", "By code.", METRIC_COUNTER, "code=\"200\"", small),
		METRIC("b:c_total", "By code.", METRIC_COUNTER, "code=\"404\",x=\"y\"", zero),
		METRIC("_now", "Now.", METRIC_GAUGE, NULL, gauge),
	};
	static const char wanted[] = HEADER "f3\r\n"
					    "# HELP a_total A \"count\" of\\nC:\\\\.\n"
					    "# TYPE a_total counter\n"
					    "a_total 18446744073709551615\n"
					    "# HELP b:c_total By code.\n"
					    "# TYPE b:c_total counter\n"
					    "b:c_total{code=\"200\"} 4294967295\n"
					    "b:c_total{code=\"404\",x=\"y\"} 0\n"
					    "# HELP _now Now.\n"
					    "# TYPE _now gauge\n"
					    "_now 7\n"
					    "\r\n0\r\n\r\n";
	static struct flow_fake f;
	(void)state;
	start(table, ARRAY_SIZE(table));
	request(&f, GET);
	assert_int_equal(f.out_bytes, sizeof(wanted) - 1);
	assert_memory_equal(f.out, wanted, sizeof(wanted) - 1);
	flow_fake_ack(&f);
	end(&f);
	request(&f, HEAD);
	assert_int_equal(f.out_bytes, sizeof(HEADER) - 1);
	end(&f);
	request(&f, "POST /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_memory_equal(f.out, "HTTP/1.1 405", 12);
	end(&f);
	stop();
}

/* --- a long table ---------------------------------------------------------------------------- */

enum { METRICS = 300 };

static struct metric table[METRICS];
static char names[METRICS][16];
static uint32_t value = 5;

static void make_table(void)
{
	for (unsigned i = 0; i < METRICS; i++) {
		snprintf(names[i], sizeof(names[i]), "m%u_total", i);
		table[i] = (struct metric)METRIC(names[i], "h", METRIC_COUNTER, NULL, value);
	}
}

/* The lines "mN_total 5" come in order, each once, whatever chunks they are in. */
static void check_lines(const struct flow_fake *f)
{
	char *all = malloc(f->out_bytes + 1), *at = all, line[32];
	memcpy(all, f->out, f->out_bytes);
	all[f->out_bytes] = '\0';
	for (unsigned i = 0; i < METRICS; i++) {
		snprintf(line, sizeof(line), "\nm%u_total 5\n", i);
		at = strstr(at, line);
		if (at == NULL)
			fail_msg("no line %u", i);
	}
	assert_non_null(strstr(at, "\r\n0\r\n\r\n"));
	free(all);
}

static void a_long_page_goes_on_as_the_peer_acknowledges(void **state)
{
	static struct flow_fake f;
	unsigned acks = 0;
	(void)state;
	make_table();
	start(table, METRICS);
	request(&f, GET);
	while (metrics.scrapes[0].conn != NULL) {
		assert_true(flow_fake_held(&f) <= METRICS_BUFFERS);
		flow_fake_ack(&f);
		run(&f);
		acks++;
	}
	assert_in_range(acks, 5, 30);
	check_lines(&f);
	flow_fake_ack(&f);
	end(&f);
	stop();
}

static void slow_peers_take_all_there_is_and_no_more(void **state)
{
	static struct flow_fake slow[METRICS_SCRAPES], f;
	(void)state;
	make_table();
	start(table, METRICS);
	for (unsigned i = 0; i < METRICS_SCRAPES; i++)
		request(&slow[i], GET);
	request(&f, GET);
	assert_memory_equal(f.out, "HTTP/1.1 503", 12);
	end(&f);
	/* One is lost: its buffers come back. */
	end(&slow[0]);
	request(&f, GET);
	assert_memory_equal(f.out, "HTTP/1.1 200", 12);
	end(&f);
	for (unsigned i = 1; i < METRICS_SCRAPES; i++)
		end(&slow[i]);
	stop();
}

static void check_refused(const char *name)
{
	static struct metric one = METRIC("", "", METRIC_COUNTER, NULL, value);
	one.name = name;
	expect_assert_failure(metrics_init(&metrics, &one, 1));
}

static void wrong_names_are_asserted(void **state)
{
	(void)state;
	check_refused("");
	check_refused("9a");
	check_refused("a-b");
	check_refused("a b");
	check_refused("a{");
	check_refused("\xc3\xa4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(a_long_page_goes_on_as_the_peer_acknowledges),
		cmocka_unit_test(slow_peers_take_all_there_is_and_no_more),
		cmocka_unit_test(wrong_names_are_asserted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
