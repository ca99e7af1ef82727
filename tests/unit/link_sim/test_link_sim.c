/* SPDX-License-Identifier: ISC */
/* The simulated link keeps what it promises: what is measured through it rests on that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "hal/timer.h"
#include "tests/emu/linksim/linksim.h"
#include "tests/fakes/frames.h"
#include "tests/fakes/frames6.h"
#include "tests/fakes/link_sim.h"

enum { FRAMES = 20000, FRAME_BYTES = 1000, SPACING_US = 100, PACKETS = 64 };

static struct link_wire wire, twin;
static struct link_sim sim;
static struct netif_fake ends[2];

static const uint8_t macs[2][6] = {{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}};

static const struct frame_ipv4 datagram = {
	.eth_dst = macs[1], .eth_src = macs[0], .src = 0x0a000001, .dst = 0x0a000002};

struct seen {
	uint64_t count, late_us, last_us, overtaken, damaged, highest;
};

/* Sends FRAMES numbered frames, one each SPACING_US, and looks at what comes out. */
static struct seen run(const struct link_conditions *c, uint64_t seed)
{
	uint8_t frame[FRAME_BYTES] = {0};
	struct seen seen = {0};
	link_wire_init(&wire, c, seed);
	store_be16(frame + 12, 0x0800);
	for (uint64_t i = 0; i < FRAMES || wire.n_heap > 0; i++) {
		uint64_t now_us = 1 + i * SPACING_US;
		const struct link_frame *f;
		if (i < FRAMES) {
			store_be32(frame + 20, (uint32_t)i);
			(void)link_wire_send(&wire, now_us, frame, sizeof(frame));
		}
		while ((f = link_wire_receive(&wire, now_us)) != NULL) {
			assert_true(f->due_us <= now_us && f->len == FRAME_BYTES);
			uint32_t number = load_be32(f->bytes + 20);
			seen.count++;
			seen.last_us = f->due_us;
			store_be32(frame + 20, number);
			seen.damaged += memcmp(f->bytes, frame, FRAME_BYTES) != 0;
			if (number < seen.highest)
				seen.overtaken++;
			else if (number < FRAMES)
				seen.highest = number;
			seen.late_us = f->due_us - (1 + (uint64_t)number * SPACING_US);
		}
	}
	return seen;
}

static void assert_about(uint64_t value, uint64_t wanted)
{
	assert_in_range(value, wanted * 85 / 100, wanted * 115 / 100);
}

static void perfect_link_changes_nothing(void **state)
{
	(void)state;
	struct seen s = run(&(struct link_conditions){0}, 1);
	assert_int_equal(s.count, FRAMES);
	assert_int_equal(s.overtaken + s.damaged + s.late_us, 0);
	s = run(&(struct link_conditions){.delay_us = 12345}, 1);
	assert_int_equal(s.count, FRAMES);
	assert_int_equal(s.late_us, 12345);
}

static void loss_is_as_asked(void **state)
{
	(void)state;
	struct seen s = run(&(struct link_conditions){.loss_ppm = 50000}, 2);
	assert_about(FRAMES - s.count, FRAMES / 20);
	assert_int_equal(FRAMES - s.count, wire.stats.lost);
	s = run(&(struct link_conditions){.loss_ppm = 1000000}, 2);
	assert_int_equal(s.count, 0);
}

/* A tenth of the time is bad, in runs of some length. */
static void bursts_are_bursts(void **state)
{
	uint64_t lost = 0;
	const struct link_conditions c = {.good_us = 9000, .bad_us = 1000, .bad_loss_ppm = 1000000};
	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++)
		lost += FRAMES - run(&c, seed).count;
	assert_about(lost, 20 * FRAMES / 10);
	/* A burst ends though nothing is sent: after long silence most frames get through. */
	link_wire_init(&wire, &c, 3);
	for (uint64_t i = 1; i <= 1000; i++)
		(void)link_wire_send(&wire, i * US_PER_S, "x", 1);
	assert_in_range(wire.stats.lost_in_burst, 50, 150);
}

static void others_repeat_reorder_and_damage(void **state)
{
	(void)state;
	struct seen s = run(&(struct link_conditions){.duplicate_ppm = 100000}, 4);
	assert_about(s.count - FRAMES, FRAMES / 10);
	s = run(&(struct link_conditions){.reorder_ppm = 100000, .reorder_us = 5000}, 5);
	assert_int_equal(s.count, FRAMES);
	assert_about(wire.stats.reordered, FRAMES / 10);
	assert_true(s.overtaken > FRAMES / 20);
	s = run(&(struct link_conditions){.jitter_us = 5000}, 6);
	assert_int_equal(s.overtaken, 0); /* jitter alone keeps the order */
	s = run(&(struct link_conditions){.corrupt_ppm = 100000}, 7);
	assert_about(wire.stats.corrupted, FRAMES / 10);
	assert_true(s.damaged > wire.stats.corrupted * 95 / 100); /* not where the number is */
}

/* 1000 bytes each 100 us are ten times what a megabyte a second can take. */
static void rate_and_queue_are_kept(void **state)
{
	(void)state;
	struct seen s = run(
		&(struct link_conditions){.rate_bytes_per_s = 1000000, .queue_bytes = 20000}, 8);
	assert_int_equal(wire.stats.queue_full + s.count, FRAMES);
	assert_about(s.count, FRAMES / 10);
	assert_in_range(s.late_us, 15000, 20000);
	assert_about(s.last_us, (uint64_t)FRAMES * SPACING_US);
	assert_true(wire.stats.in_flight_max <= 21);
}

static void memory_and_mtu_are_bounds(void **state)
{
	static uint8_t frame[LINK_WIRE_FRAME_MAX + 1];
	(void)state;
	struct seen s = run(&(struct link_conditions){.delay_us = 1000000}, 9);
	assert_int_equal(wire.stats.in_flight_max, LINK_WIRE_FRAMES);
	assert_int_equal(s.count + wire.stats.no_room, FRAMES);
	link_wire_init(&wire, &(struct link_conditions){.mtu = 500}, 1);
	assert_true(link_wire_send(&wire, 1, frame, 514));
	assert_false(link_wire_send(&wire, 1, frame, 515));
	link_wire_init(&wire, &(struct link_conditions){0}, 1);
	assert_true(link_wire_send(&wire, 1, frame, LINK_WIRE_FRAME_MAX));
	assert_false(link_wire_send(&wire, 1, frame, LINK_WIRE_FRAME_MAX + 1));
	assert_int_equal(wire.stats.too_long, 1);
}

/* What comes out at the other end of a UDP datagram whose header says this of ECN; its length. */
static size_t through(uint8_t out[static FRAME_MAX], uint8_t ecn)
{
	struct frame_ipv4 ip = datagram;
	const struct link_frame *f;

	ip.tos = 0x28 | ecn;
	size_t len = frame_udp(out, &ip, 1, 2, "0123456789", 10);
	assert_true(link_wire_send(&wire, 1, out, len));
	f = link_wire_receive(&wire, 1);
	assert_non_null(f);
	memcpy(out, f->bytes, f->len);
	return f->len;
}

/* RFC 3168: only on what says ECT, of whose header nothing else but the checksum changes. */
static void marks_are_as_asked(void **state)
{
	enum { EVERY = 5, NOT_ECT = 0, ECT_1 = 1, ECT_0 = 2, CE = 3, TOS = FRAME_ETH + 1 };
	static const uint8_t says[] = {ECT_0, NOT_ECT, ECT_1, CE};
	uint8_t frame[FRAME_MAX], right[FRAME_MAX];
	unsigned capable = 0, marked = 0;

	(void)state;
	link_wire_init(&wire, &(struct link_conditions){.mark_every = EVERY}, 1);
	for (unsigned i = 0; i < 400; i++) {
		uint8_t sent = says[i % 4];
		bool is_capable = sent == ECT_0 || sent == ECT_1;
		bool is_marked = is_capable && ++capable % EVERY == 0;
		struct frame_ipv4 ip = datagram;
		ip.tos = 0x28 | (is_marked ? CE : sent);
		size_t len = frame_udp(right, &ip, 1, 2, "0123456789", 10);
		assert_int_equal(through(frame, sent), len);
		assert_memory_equal(frame, right, len);
		marked += is_marked;
	}
	assert_int_equal(wire.stats.capable, 200);
	assert_int_equal(wire.stats.marked, marked);
	assert_int_equal(marked, 200 / EVERY);
	link_wire_init(&wire, &(struct link_conditions){0}, 1);
	(void)through(frame, ECT_0);
	assert_int_equal(frame[TOS], 0x28 | ECT_0);
	assert_int_equal(wire.stats.marked, 0);
}

/* The sum of the header's words before the mark is whatever it is, all ones, too. */
static void marked_headers_have_right_checksums(void **state)
{
	uint8_t frame[FRAME_MAX], right[FRAME_MAX];
	struct frame_ipv4 ip = datagram;

	(void)state;
	link_wire_init(&wire, &(struct link_conditions){.mark_every = 1}, 1);
	for (unsigned i = 0; i < 16; i++) {
		ip.src = 0x0a000000;
		ip.tos = 1 + i % 2; /* ECT(1), ECT(0) */
		(void)frame_udp(frame, &ip, 1, 2, "0123456789", 10);
		ip.src += (uint16_t)(load_be16(frame + FRAME_ETH + 10) - i / 2);
		size_t len = frame_udp(frame, &ip, 1, 2, "0123456789", 10);
		ip.tos = 3;
		(void)frame_udp(right, &ip, 1, 2, "0123456789", 10);
		assert_true(link_wire_send(&wire, 1, frame, len));
		assert_memory_equal(link_wire_receive(&wire, 1)->bytes, right, len);
	}
}

/* Other protocols say nothing of ECN where IPv4 does, nor does what is too short for a header. */
static void nothing_else_is_marked(void **state)
{
	static const struct {
		uint16_t type;
		size_t len;
	} others[] = {{0x86dd, 100}, {0x0806, 100}, {0x0800, FRAME_ETH + 19}};
	uint8_t frame[100], was[100];

	(void)state;
	link_wire_init(&wire, &(struct link_conditions){.mark_every = 1}, 1);
	memset(frame, 0xaa, sizeof(frame));
	for (unsigned i = 0; i < 3; i++) {
		store_be16(frame + 12, others[i].type);
		memcpy(was, frame, sizeof(frame));
		assert_true(link_wire_send(&wire, 1, frame, others[i].len));
		const struct link_frame *f = link_wire_receive(&wire, 1);
		assert_int_equal(f->len, others[i].len);
		assert_memory_equal(f->bytes, was, f->len);
	}
	assert_int_equal(wire.stats.capable + wire.stats.marked, 0);
}

static void a_seed_repeats_exactly(void **state)
{
	const struct link_conditions c = {.loss_ppm = 10000,
					  .good_us = 10000,
					  .bad_us = 500,
					  .bad_loss_ppm = 500000,
					  .duplicate_ppm = 10000,
					  .corrupt_ppm = 10000,
					  .reorder_ppm = 10000,
					  .reorder_us = 1000,
					  .jitter_us = 100};
	(void)state;
	struct seen first = run(&c, 10);
	memcpy(&twin, &wire, sizeof(wire));
	struct seen second = run(&c, 10);
	assert_memory_equal(&first, &second, sizeof(first));
	assert_memory_equal(&twin.stats, &wire.stats, sizeof(wire.stats));
	struct seen other = run(&c, 11);
	assert_memory_not_equal(&first, &other, sizeof(first));
}

/* --- what the program's options say ----------------------------------------------------------- */

static bool parses(struct linksim_options *o, const char *option)
{
	char text[64];
	char *argv[] = {"linksim", text, "tap0", "tap1"};

	(void)snprintf(text, sizeof(text), "%s", option);
	return linksim_parse(4, argv, o);
}

static void options_are_conditions(void **state)
{
	struct linksim_options o;

	(void)state;
	assert_true(parses(&o, "--mark=50"));
	assert_int_equal(o.conditions.mark_every, 50);
	assert_true(parses(&o, "--mtu=1400"));
	assert_int_equal(o.conditions.mtu, 1400);
	assert_int_equal(o.conditions.mark_every, 0);
	assert_string_equal(o.taps[1], "tap1");
	assert_true(parses(&o, "--mtu=65535"));
	assert_int_equal(o.conditions.mtu, 65535);
	assert_true(parses(&o, "--queue=64k"));
	assert_int_equal(o.conditions.queue_bytes, 64 << 10);
	assert_int_equal(o.seed, 1);
}

static void wrong_options_are_refused(void **state)
{
	static const char *const wrong[] = {"--mtu=65536", "--mtu=",   "--mtu=1400k", "--mtu=-1",
					    "--mark=1e10", "--mark=x", "--mark",      "--marks=1"};
	struct linksim_options o;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(parses(&o, wrong[i]));
}

/* --- between two interfaces ------------------------------------------------------------------ */

static struct pkt_pool pool;
static _Alignas(CACHE_LINE_BYTES) uint8_t pool_memory[PKT_POOL_BYTES(PACKETS, 2048)];

struct station {
	unsigned wakes, polls, good, vouched;
	uint64_t wants_us;
};

static struct station stations[2];

static void wake(void *arg)
{
	++*(unsigned *)arg;
}

static uint64_t poll_station(void *self, uint64_t now_us)
{
	struct station *st = self;
	struct netif *nif = &ends[st - stations].netif;
	struct pkt *p;
	st->polls++;
	while ((p = netif_recv(nif)) != NULL) {
		st->good += frame_l4_error(p->data, p->len) == 0;
		st->vouched += (p->flags & PKT_CSUM_OK) != 0;
		pkt_put(p);
	}
	bool more = netif_rx_arm(nif);
	assert_false(more);
	if (st->wants_us <= now_us)
		st->wants_us = TIME_NEVER;
	return st->wants_us;
}

static void join(uint32_t features, const struct link_conditions *c)
{
	const struct link_conditions both[2] = {*c, *c};
	pkt_pool_init(&pool, pool_memory, PACKETS, 2048);
	for (unsigned i = 0; i < 2; i++) {
		netif_fake_init(&ends[i], "net", (uint8_t)(i + 1), &pool, features);
		assert_int_equal(netif_start(&ends[i].netif), OK);
		stations[i] = (struct station){.wants_us = TIME_NEVER};
		ends[i].netif.rx = (struct waker){.wake = wake, .arg = &stations[i].wakes};
	}
	link_sim_init(&sim, &ends[0], &ends[1], both, 1, 1000);
	for (unsigned i = 0; i < 2; i++)
		link_sim_add(&sim, poll_station, &stations[i], &stations[i].wakes);
}

static void send_datagram(void)
{
	struct pkt *p = pkt_alloc(&pool, 0);
	assert_non_null(p);
	p->len = (uint32_t)frame_udp(p->data, &datagram, 1, 2, "0123456789", 10);
	assert_int_equal(netif_send(&ends[0].netif, p), OK);
	netif_flush(&ends[0].netif);
}

static void stations_are_polled_when_they_should(void **state)
{
	(void)state;
	join(0, &(struct link_conditions){.delay_us = 500});
	stations[0].wants_us = 5000;
	link_sim_run(&sim, 1000);
	assert_int_equal(stations[0].polls + stations[1].polls, 2); /* once at the start */
	send_datagram();
	link_sim_run(&sim, 1499);
	assert_int_equal(stations[1].polls, 1);
	link_sim_run(&sim, 1500);
	assert_int_equal(stations[1].polls, 2);
	assert_int_equal(stations[1].good, 1);
	link_sim_run(&sim, 4999);
	assert_int_equal(stations[0].polls, 1);
	link_sim_run(&sim, 100000);
	assert_int_equal(stations[0].polls, 2);
	assert_int_equal(sim.now_us, 100000);
	assert_int_equal(pool.pool.used, 0);
}

/* A device that checks vouches for whole packets alone; one that does not vouches for none. */
static void damage_is_not_vouched_for(void **state)
{
	(void)state;
	for (unsigned offload = 0; offload < 2; offload++) {
		join(offload ? NETIF_CSUM_RX : 0, &(struct link_conditions){.corrupt_ppm = 300000});
		for (unsigned i = 0; i < 1000; i++) {
			send_datagram();
			link_sim_run(&sim, sim.now_us + 10);
		}
		uint32_t damaged = sim.direction[0].wire.stats.corrupted;
		assert_in_range(damaged, 200, 400);
		/* Some damage is in the network header, for whose checksum no device vouches. */
		assert_in_range(stations[1].vouched, offload ? 1000 - damaged : 0,
				offload ? stations[1].good : 0);
		assert_int_equal(pool.pool.used, 0);
	}
}

static size_t segment(uint8_t *frame, bool v6, uint32_t at, size_t bytes, uint32_t ack)
{
	uint8_t tcp[20 + 1000] = {0};
	const struct frame_ipv6 six = {.eth_dst = macs[1],
				       .eth_src = macs[0],
				       .src = ip6("fd00::1"),
				       .dst = ip6("fd00::2"),
				       .next = 6};
	struct frame_ipv4 four = datagram;
	four.proto = 6;
	store_be32(tcp + 4, at);
	store_be32(tcp + 8, ack);
	tcp[12] = 5 << 4;
	tcp[13] = 0x10;
	memset(tcp + 20, (int)(at / 1000), bytes);
	size_t len = v6 ? frame_ipv6(frame, &six, tcp, 20 + bytes)
			: frame_ipv4(frame, &four, tcp, 20 + bytes);
	csum_store(frame + len - bytes - 4, frame_transport_error(frame, len));
	return len;
}

/* What follows in order with the same header, up to a shorter one; and no damage. */
static void segments_are_put_together(void **state)
{
	static struct coalesced c;
	uint8_t frame[FRAME_MAX];
	(void)state;
	for (unsigned v6 = 0; v6 < 2; v6++) {
		size_t header = v6 ? 74 : 54;
		c.len = 0;
		assert_true(coalesced_add(&c, frame, segment(frame, v6, 1000, 1000, 7)));
		assert_false(
			coalesced_add(&c, frame, segment(frame, v6, 3000, 1000, 7))); /* a gap */
		assert_false(coalesced_add(&c, frame,
					   segment(frame, v6, 2000, 1000, 8))); /* another ack */
		assert_false(coalesced_add(&c, frame, segment(frame, !v6, 2000, 1000, 7)));
		size_t len = segment(frame, v6, 2000, 1000, 7);
		frame[len - 1] ^= 1;
		assert_false(coalesced_add(&c, frame, len));
		assert_true(coalesced_add(&c, frame, segment(frame, v6, 2000, 1000, 7)));
		assert_true(coalesced_add(&c, frame, segment(frame, v6, 3000, 500, 7)));
		assert_false(coalesced_add(&c, frame,
					   segment(frame, v6, 3500, 500, 7))); /* one was short */
		assert_int_equal(c.segments, 3);
		assert_int_equal(c.len, header + 2500);
		for (size_t i = 0; i < 2500; i++)
			assert_int_equal(c.frame[header + i], 1 + i / 1000);
	}
}

/* A device that does so hands up one run, whatever is longer than its buffers. */
static void runs_arrive_where_they_may(void **state)
{
	uint8_t frame[FRAME_MAX];
	(void)state;
	for (unsigned may = 0; may < 2; may++) {
		join(may ? NETIF_CSUM_RX | NETIF_COALESCE : 0, &(struct link_conditions){0});
		ends[1].rx_runs = true;
		ends[1].rx_first_max = ends[1].rx_chunk_max = 1920;
		for (uint32_t i = 0; i < 4; i++) {
			size_t len = segment(frame, true, i * 1000, 1000, 7);
			assert_true(link_wire_send(&sim.direction[0].wire, sim.now_us, frame, len));
		}
		link_sim_run(&sim, sim.now_us + 1);
		assert_int_equal(ends[1].netif.stats.rx_packets, may ? 1 : 4);
		assert_int_equal(sim.direction[0].runs, may);
		assert_int_equal(pool.pool.used, 0);
	}
}

static void third_station_is_heard(void **state)
{
	uint8_t frame[FRAME_MAX];
	(void)state;
	join(NETIF_CSUM_RX, &(struct link_conditions){.loss_ppm = 1000000});
	size_t len = frame_udp(frame, &datagram, 1, 2, "x", 1);
	assert_true(link_sim_inject(&sim, 1, frame, len));
	link_sim_run(&sim, 2000);
	assert_int_equal(stations[1].good, 1);
	assert_int_equal(stations[1].vouched, 1);
	assert_int_equal(stations[0].good, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(perfect_link_changes_nothing),
		cmocka_unit_test(loss_is_as_asked),
		cmocka_unit_test(bursts_are_bursts),
		cmocka_unit_test(others_repeat_reorder_and_damage),
		cmocka_unit_test(rate_and_queue_are_kept),
		cmocka_unit_test(memory_and_mtu_are_bounds),
		cmocka_unit_test(marks_are_as_asked),
		cmocka_unit_test(marked_headers_have_right_checksums),
		cmocka_unit_test(nothing_else_is_marked),
		cmocka_unit_test(a_seed_repeats_exactly),
		cmocka_unit_test(options_are_conditions),
		cmocka_unit_test(wrong_options_are_refused),
		cmocka_unit_test(stations_are_polled_when_they_should),
		cmocka_unit_test(damage_is_not_vouched_for),
		cmocka_unit_test(segments_are_put_together),
		cmocka_unit_test(runs_arrive_where_they_may),
		cmocka_unit_test(third_station_is_heard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
