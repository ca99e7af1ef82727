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

static void start(void)
{
	memory = malloc(http_memory_bytes(&http_config_default));
	http = http_init(memory, &http_config_default, NULL, 1, (struct waker){0});
	metrics_init(&metrics);
	routes[0] = (struct http_route){
		.path = "/metrics", .handler = metrics_handler, .arg = &metrics};
	http_set_routes(http, routes);
}

static void stop(void)
{
	for (unsigned i = 0; i < METRICS_SCRAPES; i++) {
		assert_null(metrics.scrapes[i].stream.conn);
		for (unsigned n = 0; n < HTTP_STREAM_BUFFERS; n++)
			assert_int_equal(metrics.scrapes[i].stream.buffers[n].ref.count, 0);
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

struct counts {
	uint64_t large;
	uint32_t small, bad, worse;
};

#define A(COUNTER, GAUGE, GAUGE_US, DROPS)                                                         \
	COUNTER(struct counts, large, "bytes" COUNTS("A \"count\" of it"))                         \
	GAUGE(struct counts, small, "used_now")                                                    \
	GAUGE_US(struct counts, small, "seconds" COUNTS("How long"))                               \
	DROPS(struct counts, bad)                                                                  \
	DROPS(struct counts, worse)

static const struct counters counters = COUNTERS("a", A);

/* Rows 1, 2 and so on, as many as `of` says. */
static bool a_row(const void *of, uint32_t *cursor, void *row, char *labels)
{
	const unsigned *n = of;
	if (*cursor == *n)
		return false;
	*(struct counts *)row = (struct counts){.small = ++*cursor};
	snprintf(labels, COUNTER_LABELS_BYTES, "row=\"%u\"", *cursor);
	return true;
}

#define ROW(COUNTER, GAUGE, GAUGE_US, DROPS)                                                       \
	GAUGE(struct counts, small, "now" COUNTS("Of a row"))                                      \
	COUNTER(struct counts, bad, "bad" COUNTS("Of a row, bad"))

static const struct counters row_counters = COUNTERS("row", ROW);

#define FEW(COUNTER, GAUGE, GAUGE_US, DROPS) COUNTER(struct counts, large, "bytes" COUNTS("Bytes"))

static const struct counters few = COUNTERS("a", FEW);

static void expect_page(const char *text)
{
	static struct flow_fake f;
	char wanted[4096];
	int n = snprintf(wanted, sizeof(wanted), HEADER "%zx\r\n%s\r\n0\r\n\r\n", strlen(text),
			 text);
	request(&f, GET);
	assert_int_equal(f.out_bytes, n);
	assert_memory_equal(f.out, wanted, (size_t)n);
	flow_fake_ack(&f);
	end(&f);
}

static void text(void **state)
{
	static const struct counts counts = {UINT64_MAX, UINT32_MAX, 7, 0};
	static struct flow_fake f;
	(void)state;
	start();
	metrics_add(&metrics, &counters, &counts, "a0");
	expect_page("# HELP fata_a_bytes_total A \"count\" of it.\n"
		    "# TYPE fata_a_bytes_total counter\n"
		    "fata_a_bytes_total{device=\"a0\"} 18446744073709551615\n"
		    "# HELP fata_a_used_now used now.\n"
		    "# TYPE fata_a_used_now gauge\n"
		    "fata_a_used_now{device=\"a0\"} 4294967295\n"
		    "# HELP fata_a_seconds How long.\n"
		    "# TYPE fata_a_seconds gauge\n"
		    "fata_a_seconds{device=\"a0\"} 4294.967295\n"
		    "# HELP fata_a_drops_total Packets dropped or not sent, by reason.\n"
		    "# TYPE fata_a_drops_total counter\n"
		    "fata_a_drops_total{device=\"a0\",reason=\"bad\"} 7\n"
		    "fata_a_drops_total{device=\"a0\",reason=\"worse\"} 0\n");
	request(&f, HEAD);
	assert_int_equal(f.out_bytes, sizeof(HEADER) - 1);
	end(&f);
	request(&f, "POST /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_memory_equal(f.out, "HTTP/1.1 405", 12);
	end(&f);
	stop();
}

static void samples_of_one_metric_stand_together(void **state)
{
	static const struct counts one = {.large = 1}, two = {.large = 2};
	static const unsigned none = 0, rows = 2, more = 1;
	(void)state;
	start();
	metrics_add(&metrics, &few, &one, "a0");
	metrics_add_rows(&metrics, &row_counters, a_row, &rows, "b0");
	metrics_add(&metrics, &few, &two, "a1");
	metrics_add_rows(&metrics, &row_counters, a_row, &none, "b1");
	metrics_add_rows(&metrics, &row_counters, a_row, &more, "b2");
	expect_page("# HELP fata_a_bytes_total Bytes.\n"
		    "# TYPE fata_a_bytes_total counter\n"
		    "fata_a_bytes_total{device=\"a0\"} 1\n"
		    "fata_a_bytes_total{device=\"a1\"} 2\n"
		    "# HELP fata_row_now Of a row.\n"
		    "# TYPE fata_row_now gauge\n"
		    "fata_row_now{device=\"b0\",row=\"1\"} 1\n"
		    "fata_row_now{device=\"b0\",row=\"2\"} 2\n"
		    "fata_row_now{device=\"b2\",row=\"1\"} 1\n"
		    "# HELP fata_row_bad_total Of a row, bad.\n"
		    "# TYPE fata_row_bad_total counter\n"
		    "fata_row_bad_total{device=\"b0\",row=\"1\"} 0\n"
		    "fata_row_bad_total{device=\"b0\",row=\"2\"} 0\n"
		    "fata_row_bad_total{device=\"b2\",row=\"1\"} 0\n");
	stop();
}

static void an_empty_page_is_one(void **state)
{
	static const unsigned none = 0;
	static struct flow_fake f;
	(void)state;
	start();
	metrics_add_rows(&metrics, &row_counters, a_row, &none, "b0");
	request(&f, GET);
	assert_int_equal(f.out_bytes, sizeof(HEADER "0\r\n\r\n") - 1);
	end(&f);
	stop();
}

/* --- a long table ---------------------------------------------------------------------------- */

static const unsigned LINES = 300;

/* The rows come in order, each once, whatever chunks they are in. */
static void check_lines(const struct flow_fake *f)
{
	char *all = malloc(f->out_bytes + 1), *at = all, line[64];
	memcpy(all, f->out, f->out_bytes);
	all[f->out_bytes] = '\0';
	for (unsigned i = 1; i <= LINES; i++) {
		snprintf(line, sizeof(line), "\nfata_row_now{device=\"b0\",row=\"%u\"} %u\n", i, i);
		at = strstr(at, line);
		if (at == NULL)
			fail_msg("no row %u", i);
	}
	assert_non_null(strstr(at, "\r\n0\r\n\r\n"));
	assert_ptr_equal(strstr(all, "# HELP fata_row_now"), strstr(all, "# HELP"));
	assert_null(strstr(at, "# HELP fata_row_now"));
	free(all);
}

static void a_long_page_goes_on_as_the_peer_acknowledges(void **state)
{
	static struct flow_fake f;
	unsigned acks = 0;
	(void)state;
	start();
	metrics_add_rows(&metrics, &row_counters, a_row, &LINES, "b0");
	request(&f, GET);
	while (metrics.scrapes[0].stream.conn != NULL) {
		assert_true(flow_fake_held(&f) <= HTTP_STREAM_BUFFERS);
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
	start();
	metrics_add_rows(&metrics, &row_counters, a_row, &LINES, "b0");
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

/* `text` is the layer's name and a counter's. */
static void check_refused(const char *text)
{
	static struct counters one = {
		.entries = {GAUGE_ENTRY(struct counts, small, ""){.bytes = 0}}};
	static struct counts counts;
	one.text = text;
	start();
	expect_assert_failure(metrics_add(&metrics, &one, &counts, "a0"));
	stop();
}

static void wrong_names_are_asserted(void **state)
{
	(void)state;
	check_refused("\0a\0");
	check_refused("9a\0a\0");
	check_refused("A\0a\0");
	check_refused("a\0\0");
	check_refused("a\0a-b\0");
	check_refused("a\0a b\0");
	check_refused("a\0a{\0");
	check_refused("a\0A\0");
	check_refused("a\0\xc3\xa4\0");
}

static void more_sets_than_there_are_places_are_asserted(void **state)
{
	static struct counts counts;
	(void)state;
	start();
	for (unsigned i = 0; i < METRICS_SETS_MAX; i++)
		metrics_add(&metrics, &counters, &counts, "a0");
	expect_assert_failure(metrics_add(&metrics, &counters, &counts, "a0"));
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(a_long_page_goes_on_as_the_peer_acknowledges),
		cmocka_unit_test(slow_peers_take_all_there_is_and_no_more),
		cmocka_unit_test(samples_of_one_metric_stand_together),
		cmocka_unit_test(an_empty_page_is_one),
		cmocka_unit_test(wrong_names_are_asserted),
		cmocka_unit_test(more_sets_than_there_are_places_are_asserted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
