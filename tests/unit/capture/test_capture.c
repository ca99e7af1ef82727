/* SPDX-License-Identifier: ISC */
/* The ring of frames, the interface that fills it, and the file that is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/capture/capture.h"
#include "net/capture/pcapng.h"
#include "tests/fakes/flow_fake.h"
#include "tests/fakes/netif_fake.h"

enum { PACKETS = 16, BUF_BYTES = 2048, SNAP = 100, WALL_S = 1700000000 };

static struct netif_fake net;
static struct pkt_pool pool;
static void *pool_memory;
static struct capture capture;
static uint8_t ring[CAPTURE_RING_MIN];
static uint64_t now_us;

static uint64_t fake_now(struct timer *t)
{
	(void)t;
	return now_us;
}

static void fake_arm(struct timer *t, uint64_t deadline_us)
{
	(void)t;
	(void)deadline_us;
}

static const struct timer_ops timer_ops = {fake_now, fake_arm};
static struct wall_clock wall;
static struct timer timer = {.ops = &timer_ops};

static int set_up(void **state)
{
	(void)state;
	pool_memory = aligned_alloc(CACHE_LINE_BYTES, PKT_POOL_BYTES(PACKETS, BUF_BYTES));
	pkt_pool_init(&pool, pool_memory, PACKETS, BUF_BYTES);
	netif_fake_init(&net, "net0", 1, &pool, NETIF_SG);
	now_us = 5000000;
	wall_clock_set(&wall, now_us, (uint64_t)WALL_S * 1000000);
	capture_init(&capture, &net.netif, &timer, &wall, ring, sizeof(ring), SNAP);
	assert_int_equal(netif_start(&capture.netif), OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	netif_stop(&capture.netif);
	netif_fake_fini(&net);
	assert_int_equal(pool.pool.used, 0);
	free(pool_memory);
	return 0;
}

/* A frame whose bytes are `first`, `first` + 1 and so on. */
static void pattern(uint8_t *bytes, size_t len, unsigned first)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(first + i);
}

static void receive(size_t len, unsigned first)
{
	uint8_t frame[BUF_BYTES];
	pattern(frame, len, first);
	assert_true(netif_fake_inject(&net, frame, len));
	struct pkt *p = netif_recv(&capture.netif);
	assert_non_null(p);
	pkt_put(p);
}

static enum err send(size_t len, unsigned first)
{
	struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM);
	pattern(pkt_append(p, (uint32_t)len), len, first);
	enum err e = netif_send(&capture.netif, p);
	if (e != OK)
		pkt_put(p);
	else
		pkt_put(netif_fake_take(&net));
	return e;
}

static void expect(uint64_t *at, size_t len, unsigned first, bool out)
{
	struct capture_record r;
	uint8_t bytes[CAPTURE_SNAP_MAX], wanted[BUF_BYTES];
	assert_true(capture_read(&capture, at, &r, bytes, sizeof(bytes)));
	pattern(wanted, len, first);
	assert_int_equal(r.frame_bytes, len);
	assert_int_equal(r.kept_bytes, MIN(len, (size_t)SNAP));
	assert_int_equal(r.out, out);
	assert_memory_equal(bytes, wanted, r.kept_bytes);
}

static void expect_end(uint64_t at)
{
	struct capture_record r;
	uint8_t bytes[CAPTURE_SNAP_MAX];
	assert_false(capture_read(&capture, &at, &r, bytes, sizeof(bytes)));
}

/* --- the interface --------------------------------------------------------------------------- */

static void it_looks_like_the_one_below(void **state)
{
	(void)state;
	assert_memory_equal(capture.netif.mac, net.netif.mac, 6);
	assert_int_equal(capture.netif.mtu, 1500);
	assert_int_equal(capture.netif.features, NETIF_SG);
	assert_string_equal(capture.netif.name, "net0");
	netif_flush(&capture.netif);
	assert_int_equal(net.flushes, 1);
	assert_false(netif_rx_arm(&capture.netif));
	assert_true(net.armed);
	assert_null(netif_recv(&capture.netif));
}

static void frames_of_both_directions_are_kept_in_order(void **state)
{
	uint64_t at = 0;
	(void)state;
	receive(60, 1);
	assert_int_equal(send(42, 2), OK);
	receive(SNAP, 3);
	receive(SNAP + 1, 4);
	expect(&at, 60, 1, false);
	expect(&at, 42, 2, true);
	expect(&at, SNAP, 3, false);
	expect(&at, SNAP + 1, 4, false);
	expect_end(at);
	assert_int_equal(capture.stats.frames, 4);
	assert_int_equal(capture.stats.cut, 1);
}

static void nothing_is_kept_while_it_is_paused(void **state)
{
	uint64_t at = 0;

	(void)state;
	receive(60, 1);
	capture_pause(&capture, true);
	receive(60, 2);
	net.send_error = ERR_AGAIN;
	assert_int_equal(send(60, 2), ERR_AGAIN); /* nothing is to be forgotten */
	net.send_error = OK;
	capture_pause(&capture, false);
	receive(60, 3);
	expect(&at, 60, 1, false);
	expect(&at, 60, 3, false);
	expect_end(at);
	assert_int_equal(capture.stats.frames, 2);
}

static void pieces_are_kept_as_one(void **state)
{
	uint8_t wanted[SNAP];
	uint64_t at = 0;
	(void)state;
	pattern(wanted, sizeof(wanted), 0);
	struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM);
	memcpy(pkt_append(p, 10), wanted, 10);
	assert_true(pkt_add_piece(p, SLICE_STATIC(wanted + 10, 20)));
	assert_true(pkt_add_piece(p, SLICE_STATIC(wanted + 30, 15)));
	assert_int_equal(netif_send(&capture.netif, p), OK);
	pkt_put(netif_fake_take(&net));
	expect(&at, 45, 0, true);
	expect_end(at);
}

static void runs_are_kept_as_one(void **state)
{
	uint64_t at = 0;
	(void)state;
	net.rx_runs = true;
	net.rx_first_max = net.rx_chunk_max = 30;
	receive(70, 1);
	receive(SNAP + 20, 2);
	expect(&at, 70, 1, false);
	expect(&at, SNAP + 20, 2, false);
	expect_end(at);
}

static void what_the_device_refused_was_not_sent(void **state)
{
	uint64_t at = 0;
	(void)state;
	assert_int_equal(send(60, 1), OK);
	net.send_error = ERR_AGAIN;
	assert_int_equal(send(SNAP + 1, 2), ERR_AGAIN);
	net.send_error = OK;
	assert_int_equal(send(60, 3), OK);
	expect(&at, 60, 1, true);
	expect(&at, 60, 3, true);
	expect_end(at);
	assert_int_equal(capture.stats.frames, 2);
	assert_int_equal(capture.stats.cut, 0);
}

static void the_newest_displace_the_oldest(void **state)
{
	enum { FRAMES = 1000 };
	uint64_t at = 0;
	(void)state;
	for (unsigned i = 0; i < FRAMES; i++)
		receive(20 + i % 90, i);
	unsigned there = FRAMES - (unsigned)capture.stats.displaced;
	assert_in_range(there, sizeof(ring) / (sizeof(struct capture_record) + SNAP),
			sizeof(ring) / 36);
	for (unsigned i = FRAMES - there; i < FRAMES; i++)
		expect(&at, 20 + i % 90, i, false);
	expect_end(at);
}

/* --- the file -------------------------------------------------------------------------------- */

static struct http *http;
static void *http_memory;
static struct http_route routes[2];

static void serve(void)
{
	http_memory = malloc(http_memory_bytes(&http_config_default));
	http = http_init(http_memory, &http_config_default, NULL, 1, (struct waker){0});
	routes[0] = (struct http_route){
		.path = "/capture.pcapng", .handler = capture_handler, .arg = &capture};
	http_set_routes(http, routes);
}

static void run(struct flow_fake *f)
{
	while (flow_fake_poll(f, 1) | (http_poll(http, 1) <= 1))
		continue;
}

static void request(struct flow_fake *f)
{
	static const char text[] = "GET /capture.pcapng HTTP/1.1\r\nHost: a\r\n\r\n";
	flow_fake_init(f);
	http_accept(http, &f->flow, 1);
	flow_fake_feed(f, text, sizeof(text) - 1);
	run(f);
}

/* Takes the chunks of the body apart; returns its bytes. */
static size_t body(const struct flow_fake *f, uint8_t *out)
{
	const char *at = strstr((const char *)f->out, "\r\n\r\n") + 4;
	size_t len = 0, chunk;
	char *end;
	while ((chunk = strtoul(at, &end, 16)) > 0) {
		memcpy(out + len, end + 2, chunk);
		len += chunk;
		at = end + 2 + chunk + 2;
	}
	return len;
}

static uint32_t word(const uint8_t *at)
{
	uint32_t value;
	memcpy(&value, at, sizeof(value));
	return value;
}

/* Each block begins and ends with its length; returns where the first of `type` behind `at` is. */
static const uint8_t *find_block(const uint8_t *at, const uint8_t *end, uint32_t type)
{
	for (; at < end; at += word(at + 4)) {
		assert_true(word(at + 4) % 4 == 0 && word(at + 4) >= 12);
		assert_true(word(at + 4) <= (size_t)(end - at));
		assert_int_equal(word(at + word(at + 4) - 4), word(at + 4));
		if (word(at) == type)
			return at;
	}
	return NULL;
}

static void the_file_has_each_frame(void **state)
{
	static struct flow_fake f;
	static uint8_t file[64 * 1024];
	const uint64_t first_us = (uint64_t)WALL_S * 1000000;
	(void)state;
	serve();
	receive(61, 1);
	now_us += 1500000;
	assert_int_equal(send(SNAP + 50, 2), OK);
	request(&f);
	flow_fake_ack(&f);
	run(&f);
	const uint8_t *end = file + body(&f, file), *at = file;
	assert_int_equal(word(at), 0x0a0d0d0a);
	assert_int_equal(word(at + 8), 0x1a2b3c4d);
	at = find_block(at, end, 1);
	assert_non_null(at);
	assert_int_equal(word(at + 8), 1); /* Ethernet */
	assert_int_equal(word(at + 12), SNAP);
	at = find_block(at, end, 6);
	assert_non_null(at);
	assert_int_equal((uint64_t)word(at + 12) << 32 | word(at + 16), first_us);
	assert_int_equal(word(at + 20), 61);
	assert_int_equal(word(at + 24), 61);
	assert_int_equal(at[28], 1);
	assert_int_equal(at[28 + 60], 61);
	assert_int_equal(word(at + 28 + 64 + 4), 1); /* received */
	at = find_block(at + word(at + 4), end, 6);
	assert_non_null(at);
	assert_int_equal((uint64_t)word(at + 12) << 32 | word(at + 16), first_us + 1500000);
	assert_int_equal(word(at + 20), SNAP);
	assert_int_equal(word(at + 24), SNAP + 50);
	assert_int_equal(word(at + 28 + SNAP + 4), 2); /* sent */
	at += word(at + 4);
	assert_null(find_block(at, end, 6));
	at = find_block(at, end, 5);
	assert_non_null(at);
	assert_int_equal(word(at + 24), 2); /* frames, and none of them missing */
	assert_int_equal(word(at + 36), 0);
	flow_fake_reset(&f);
	run(&f);
	flow_fake_fini(&f);
	free(http_memory);
}

/* Frames that come while the peer is slow are not in the file, those they displace neither. */
static void a_slow_download_tells_what_it_missed(void **state)
{
	static struct flow_fake f;
	static uint8_t file[64 * 1024];
	unsigned in_file = 0;
	(void)state;
	serve();
	for (unsigned i = 0; i < 200; i++)
		receive(90, i);
	unsigned held = 200 - (unsigned)capture.stats.displaced;
	request(&f);
	for (unsigned i = 0; i < 200; i++)
		receive(90, i);
	while (capture.downloads[0].stream.conn != NULL) {
		flow_fake_ack(&f);
		run(&f);
	}
	const uint8_t *end = file + body(&f, file), *at = file;
	while ((at = find_block(at, end, 6)) != NULL) {
		in_file++;
		at += word(at + 4);
	}
	assert_in_range(in_file, 1, held - 1);
	assert_int_equal(capture.stats.missed, held - in_file);
	at = find_block(file, end, 5);
	assert_int_equal(word(at + 24), 200);
	assert_int_equal(word(at + 36), 200 - in_file);
	flow_fake_reset(&f);
	run(&f);
	flow_fake_fini(&f);
	free(http_memory);
}

static void downloads_are_few_at_a_time(void **state)
{
	static struct flow_fake f[CAPTURE_DOWNLOADS + 1];
	(void)state;
	serve();
	for (unsigned i = 0; i < 30; i++)
		receive(90, i);
	for (unsigned i = 0; i <= CAPTURE_DOWNLOADS; i++)
		request(&f[i]);
	assert_memory_equal(f[0].out, "HTTP/1.1 200", 12);
	assert_memory_equal(f[CAPTURE_DOWNLOADS].out, "HTTP/1.1 503", 12);
	for (unsigned i = 0; i <= CAPTURE_DOWNLOADS; i++) {
		flow_fake_reset(&f[i]);
		run(&f[i]);
		flow_fake_fini(&f[i]);
	}
	free(http_memory);
}

static void blocks_fit_into_what_they_say(void **state)
{
	uint8_t out[4096];
	(void)state;
	char name[100];
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_true(pcapng_header(out, name, SNAP) <= PCAPNG_HEADER_MAX);
	assert_true(pcapng_statistics(out, UINT64_MAX, 1, 1) <= PCAPNG_STATISTICS_MAX);
	for (uint32_t n = 0; n < 9; n++)
		assert_int_equal(pcapng_packet(out, 0, n, n, true),
				 PCAPNG_PACKET_OVERHEAD + ROUND_UP(n, 4));
	assert_true(PCAPNG_PACKET_OVERHEAD + CAPTURE_SNAP_MAX <= HTTP_STREAM_BYTES);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_looks_like_the_one_below),
		TEST(frames_of_both_directions_are_kept_in_order),
		TEST(nothing_is_kept_while_it_is_paused),
		TEST(pieces_are_kept_as_one),
		TEST(runs_are_kept_as_one),
		TEST(what_the_device_refused_was_not_sent),
		TEST(the_newest_displace_the_oldest),
		TEST(the_file_has_each_frame),
		TEST(a_slow_download_tells_what_it_missed),
		TEST(downloads_are_few_at_a_time),
		TEST(blocks_fit_into_what_they_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
