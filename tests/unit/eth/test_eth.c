/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/eth/eth.h"
#include "tests/fakes/counted.h"
#include "tests/fakes/frames.h"
#include "tests/fakes/netif_fake.h"
#include "tests/fakes/runtime.h"

enum { POOL = 8, BUF = 512, TYPE = 0x88b5 }; /* a local experimental EtherType */

static const uint8_t peer[6] = {2, 0, 0, 0, 0, 7};

static _Alignas(CACHE_LINE_BYTES) uint8_t rx_memory[PKT_POOL_BYTES(POOL, BUF)];
static _Alignas(CACHE_LINE_BYTES) uint8_t tx_memory[PKT_POOL_BYTES(POOL, BUF)];
static struct pkt_pool rx, tx;
static struct netif_fake fake;
static struct eth eth;
static unsigned wakes, inputs;
static bool last_group;
static uint8_t last_bytes[BUF];
static size_t last_len;

static void count_wake(void *arg)
{
	(void)arg;
	wakes++;
}

static void keep(void *self, uint64_t now_us, struct pkt *p, bool group)
{
	assert_ptr_equal(self, &inputs);
	assert_int_equal(now_us, 5);
	assert_int_equal(p->l3, pkt_headroom(p));
	inputs++;
	last_group = group;
	last_len = netif_fake_flatten(p, last_bytes, sizeof(last_bytes));
	pkt_put(p);
}

static int setup_with(uint32_t features)
{
	pkt_pool_init(&rx, rx_memory, POOL, BUF);
	pkt_pool_init(&tx, tx_memory, POOL, BUF);
	netif_fake_init(&fake, "net0", 1, &rx, features);
	wakes = 0;
	inputs = 0;
	eth_start(&eth, &fake.netif, &tx, (struct waker){.wake = count_wake});
	assert_int_equal(eth_bind(&eth, TYPE, keep, &inputs), OK);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return setup_with(NETIF_CSUM_TX | NETIF_TSO4);
}

static int teardown(void **state)
{
	(void)state;
	netif_fake_fini(&fake);
	assert_int_equal(rx.pool.used, 0);
	assert_int_equal(tx.pool.used, 0);
	return 0;
}

static void arrive(const uint8_t *frame, size_t len)
{
	assert_true(netif_fake_inject(&fake, frame, len));
	eth_input(&eth, 5, netif_recv(&fake.netif));
}

static void arrive_for(const uint8_t dst[6], const uint8_t src[6], uint16_t type)
{
	uint8_t frame[18];
	size_t len = frame_eth(frame, dst, src, type);
	memcpy(frame + len, "abcd", 4);
	arrive(frame, sizeof(frame));
}

static void starts_the_interface_and_says_so(void **state)
{
	(void)state;
	assert_true(fake.started);
	assert_string_equal(fake_log_last, "net0: mac 52:54:00:00:00:01 mtu 1500");
	assert_ptr_equal(fake.netif.rx.wake, count_wake);
	assert_ptr_equal(fake.netif.tx.wake, count_wake);
	eth_stop(&eth);
	assert_false(fake.started);
	fake.start_error = ERR_IO;
	fake.netif.link_up = true;
	eth_start(&eth, &fake.netif, &tx, (struct waker){0});
	assert_string_equal(fake_log_last, "net0: does not start: device fault; "
					   "going on without it");
	assert_false(fake.netif.link_up);
}

static void takes_what_is_for_us(void **state)
{
	(void)state;
	static const uint8_t all_hosts[6] = {0x01, 0x00, 0x5e, 0, 0, 1};
	enum { HAS_GROUPS = ETH_GROUPS_MAX > 0 };
	assert_int_equal(eth_join(&eth, all_hosts), HAS_GROUPS ? OK : ERR_NOMEM);
	arrive_for(fake.netif.mac, peer, TYPE);
	assert_int_equal(inputs, 1);
	assert_false(last_group);
	assert_int_equal(last_len, 4);
	assert_memory_equal(last_bytes, "abcd", 4);
	arrive_for(eth_broadcast, peer, TYPE);
	assert_int_equal(inputs, 2);
	assert_true(last_group);
	arrive_for(all_hosts, peer, TYPE);
	assert_int_equal(inputs, 2 + HAS_GROUPS);
	assert_true(last_group);
	assert_counted(eth.stats.in, 3);
}

static void takes_groups_while_somebody_wants_them(void **state)
{
	(void)state;
	static const uint8_t group[6] = {0x33, 0x33, 0, 0, 0, 1};
	assert_int_equal(eth_join(&eth, group), OK);
	assert_int_equal(eth_join(&eth, group), OK);
	arrive_for(group, peer, TYPE);
	eth_leave(&eth, group);
	arrive_for(group, peer, TYPE);
	assert_int_equal(inputs, 2);
	eth_leave(&eth, group);
	arrive_for(group, peer, TYPE);
	assert_int_equal(inputs, 2);
	assert_counted(eth.stats.not_for_us, 1);
	expect_assert_failure(eth_leave(&eth, group));
	expect_assert_failure((void)!eth_join(&eth, peer));
}

static unsigned first_members, last_members;

static void note_filter(struct netif *nif, const uint8_t group[static 6], bool wanted)
{
	assert_ptr_equal(nif, &fake.netif);
	assert_memory_equal(group, "\x33\x33\0\0\0\1", 6);
	first_members += wanted;
	last_members += !wanted;
}

static void who_filters_is_told_of_first_and_last_members(void **state)
{
	(void)state;
	static const uint8_t group[6] = {0x33, 0x33, 0, 0, 0, 1};
	first_members = last_members = 0;
	fake.netif.filter = note_filter;
	assert_int_equal(eth_join(&eth, group), OK);
	assert_int_equal(eth_join(&eth, group), OK);
	eth_leave(&eth, group);
	assert_int_equal(first_members, 1);
	assert_int_equal(last_members, 0);
	eth_leave(&eth, group);
	assert_int_equal(last_members, 1);
}

static void groups_are_bounded(void **state)
{
	(void)state;
	uint8_t group[6] = {0x01, 0x00, 0x5e, 0, 1, 0};
	for (unsigned i = 0; i < ETH_GROUPS_MAX; i++) {
		group[5] = (uint8_t)i;
		assert_int_equal(eth_join(&eth, group), OK);
	}
	group[5] = ETH_GROUPS_MAX;
	assert_int_equal(eth_join(&eth, group), ERR_NOMEM);
	group[5] = 3;
	assert_int_equal(eth_join(&eth, group), OK); /* is there already */
	eth_leave(&eth, group);
	eth_leave(&eth, group);
	group[5] = ETH_GROUPS_MAX;
	assert_int_equal(eth_join(&eth, group), OK);
	for (unsigned i = 0; i <= ETH_GROUPS_MAX; i++) {
		group[5] = (uint8_t)i;
		arrive_for(group, peer, TYPE);
	}
	assert_int_equal(inputs, ETH_GROUPS_MAX);
}

static void drops_what_is_not_with_the_reason(void **state)
{
	(void)state;
	static const uint8_t other_group[6] = {0x01, 0x00, 0x5e, 0, 0, 2};
	static const uint8_t pause[6] = {0x01, 0x80, 0xc2, 0, 0, 1};
	arrive_for(peer, peer, TYPE);
	arrive_for(other_group, peer, TYPE);
	arrive_for(pause, peer, TYPE);
	assert_counted(eth.stats.not_for_us, 3);
	arrive_for(fake.netif.mac, other_group, TYPE);
	assert_counted(eth.stats.bad_source, 1);
	arrive_for(fake.netif.mac, peer, 0x8100);
	arrive_for(fake.netif.mac, peer, 60); /* a length: 802.2 LLC */
	assert_counted(eth.stats.unknown_type, 2);
	assert_int_equal(inputs, 0);
	assert_counted(eth.stats.in, 0);
}

static void runts_of_each_length_are_dropped(void **state)
{
	(void)state;
	uint8_t frame[14];
	frame_eth(frame, fake.netif.mac, peer, TYPE);
	for (size_t len = 0; len < sizeof(frame); len++)
		arrive(frame, len);
	assert_counted(eth.stats.runts, 14);
	assert_int_equal(inputs, 0);
	arrive(frame, sizeof(frame));
	assert_int_equal(inputs, 1);
	assert_int_equal(last_len, 0);
}

static void header_must_lie_in_first_piece(void **state)
{
	(void)state;
	uint8_t frame[30] = {0};
	fake.rx_first_max = 13;
	fake.rx_chunk_max = 100;
	frame_eth(frame, fake.netif.mac, peer, TYPE);
	arrive(frame, sizeof(frame));
	assert_counted(eth.stats.runts, 1);
}

static void binds_each_type_once_and_four_in_all(void **state)
{
	(void)state;
	assert_int_equal(eth_bind(&eth, TYPE, keep, NULL), ERR_EXISTS);
	for (uint16_t i = 1; i < ETH_BINDINGS_MAX; i++)
		assert_int_equal(eth_bind(&eth, (uint16_t)(TYPE + i), keep, NULL), OK);
	assert_int_equal(eth_bind(&eth, TYPE + 100, keep, NULL), ERR_NOMEM);
}

static struct pkt *packet(struct pkt_pool *pool, uint32_t headroom, uint32_t len)
{
	struct pkt *p = pkt_alloc(pool, headroom);
	assert_non_null(p);
	frame_pattern(pkt_append(p, len), len);
	return p;
}

static void writes_the_header_and_flushes_once_a_batch(void **state)
{
	(void)state;
	uint8_t frame[BUF], payload[10];
	frame_pattern(payload, sizeof(payload));
	eth_batch_begin(&eth);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(eth_output(&eth, packet(&tx, 64, 10), peer, TYPE), OK);
	assert_int_equal(fake.flushes, 0);
	eth_batch_end(&eth);
	assert_int_equal(fake.flushes, 1);
	assert_int_equal(wakes, 0);
	assert_int_equal(netif_fake_take_bytes(&fake, frame, sizeof(frame)), 24);
	assert_memory_equal(frame, peer, 6);
	assert_memory_equal(frame + 6, fake.netif.mac, 6);
	assert_int_equal(frame[12] << 8 | frame[13], TYPE);
	assert_memory_equal(frame + 14, payload, 10);
	eth_batch_begin(&eth);
	eth_batch_end(&eth);
	assert_int_equal(fake.flushes, 1); /* nothing to flush */
	assert_counted(eth.stats.out, 3);
}

static void inject_one(void)
{
	uint8_t frame[18] = {0};
	assert_int_equal(frame_eth(frame, fake.netif.mac, peer, TYPE), 14);
	assert_true(netif_fake_inject(&fake, frame, sizeof(frame)));
}

static void poll_takes_what_came_and_arms(void **state)
{
	(void)state;
	inject_one();
	inject_one();
	assert_int_equal(wakes, 1);
	assert_false(fake.armed);
	eth_poll_begin(&eth, 5);
	assert_int_equal(inputs, 2);
	assert_false(fake.armed);
	assert_int_equal(eth_output(&eth, packet(&tx, 64, 10), peer, TYPE), OK);
	assert_int_equal(fake.flushes, 0);
	assert_int_equal(eth_poll_end(&eth, 5, 77), 77);
	assert_int_equal(fake.flushes, 1);
	assert_true(fake.armed);
	assert_int_equal(wakes, 1);

	eth_poll_begin(&eth, 5);
	inject_one(); /* while the layers above are polled */
	assert_int_equal(eth_poll_end(&eth, 5, 77), 5);
	assert_int_equal(inputs, 2);
}

static void wakes_when_sending_outside_a_batch(void **state)
{
	(void)state;
	assert_int_equal(eth_output(&eth, packet(&tx, 64, 10), peer, TYPE), OK);
	assert_int_equal(wakes, 1);
	assert_int_equal(fake.flushes, 0);
	eth_batch_begin(&eth);
	eth_batch_end(&eth);
	assert_int_equal(fake.flushes, 1);
}

static void refused_packet_is_as_before(void **state)
{
	(void)state;
	struct pkt *p = packet(&tx, 64, 30);
	uint8_t *data = p->data;
	p->flags = PKT_CSUM_PARTIAL;
	p->csum_start = 20;
	p->csum_offset = 6;
	p->gso_header = 28;
	fake.queue_max = 0;
	assert_int_equal(eth_output(&eth, p, peer, TYPE), ERR_AGAIN);
	assert_ptr_equal(p->data, data);
	assert_int_equal(p->len, 30);
	assert_int_equal(p->csum_start, 20);
	assert_int_equal(p->gso_header, 28);
	assert_counted(eth.stats.refused, 1);
	assert_counted(eth.stats.out, 0);
	fake.queue_max = 1;
	assert_int_equal(eth_output(&eth, p, peer, TYPE), OK);
	assert_int_equal(p->csum_start, 34);
	assert_int_equal(p->gso_header, 42);
}

/* A packet of 10 bytes and two static pieces of 5 and 6. */
static struct pkt *in_pieces(uint32_t headroom)
{
	struct pkt *p = packet(&tx, headroom, 10);
	assert_true(pkt_add_piece(p, SLICE_STATIC("hello", 5)));
	assert_true(pkt_add_piece(p, SLICE_STATIC(" world", 6)));
	return p;
}

static void expect_hello_world(void)
{
	uint8_t frame[BUF];
	struct pkt *p = netif_fake_take(&fake);
	assert_non_null(p);
	assert_int_equal(p->n_pieces, 0);
	assert_int_equal(netif_fake_flatten(p, frame, sizeof(frame)), 35);
	assert_memory_equal(frame + 24, "hello world", 11);
	pkt_put(p);
}

static void pieces_are_copied_behind_the_first(void **state)
{
	(void)state;
	struct pkt *p = in_pieces(64);
	struct pkt *owner = packet(&rx, 0, 3);
	p->len -= 3;
	assert_true(pkt_add_piece(p, pkt_slice(owner, 0)));
	pkt_put(owner);
	assert_int_equal(eth_output(&eth, p, peer, TYPE), OK);
	assert_int_equal(rx.pool.used, 0); /* its owner is free at once */
	assert_int_equal(tx.pool.used, 1);
	uint8_t frame[BUF];
	assert_int_equal(netif_fake_take_bytes(&fake, frame, sizeof(frame)), 35);
	assert_memory_equal(frame + 21, "hello world\x01\x26\x4b", 14);
	assert_counted(eth.stats.linearised, 1);
}

static void pieces_are_copied_to_a_new_packet(void **state)
{
	(void)state;
	struct pkt *p = in_pieces(BUF - 10); /* no tailroom */
	p->flags = PKT_CSUM_PARTIAL;
	p->csum_start = 2;
	p->csum_offset = 4;
	assert_int_equal(eth_output(&eth, p, peer, TYPE), OK);
	struct list *first = fake.sent.next;
	assert_int_equal(list_entry(first, struct pkt, node)->csum_start, 16);
	assert_int_equal(list_entry(first, struct pkt, node)->flags, PKT_CSUM_PARTIAL);
	expect_hello_world();

	p = in_pieces(64); /* somebody else looks at it */
	ref_get(&p->ref);
	assert_int_equal(eth_output(&eth, p, peer, TYPE), OK);
	expect_hello_world();
	assert_int_equal(p->n_pieces, 2);
	assert_int_equal(pkt_bytes(p), 21);
	pkt_put(p);
}

static void pieces_that_cannot_be_copied_are_refused(void **state)
{
	(void)state;
	static const uint8_t large[BUF];
	struct pkt *hold[POOL];
	struct pkt *p = in_pieces(BUF - 10);
	for (unsigned i = 1; i < POOL; i++)
		hold[i] = packet(&tx, 0, 1);
	assert_int_equal(eth_output(&eth, p, peer, TYPE), ERR_NOMEM);
	for (unsigned i = 1; i < POOL; i++)
		pkt_put(hold[i]);

	assert_true(pkt_add_piece(p, SLICE_STATIC(large, sizeof(large))));
	assert_int_equal(eth_output(&eth, p, peer, TYPE), ERR_INVALID);
	assert_int_equal(p->n_pieces, 3);
	pkt_trim(p, 21);

	fake.send_error = ERR_IO; /* and the copy is not leaked */
	assert_int_equal(eth_output(&eth, p, peer, TYPE), ERR_IO);
	assert_int_equal(pkt_bytes(p), 21);
	assert_counted(eth.stats.refused, 3);
	pkt_put(p);
}

static void pieces_stay_where_the_device_takes_them(void **state)
{
	(void)state;
	setup_with(NETIF_SG);
	struct pkt *p = in_pieces(64);
	assert_int_equal(eth_output(&eth, p, peer, TYPE), OK);
	assert_int_equal(p->n_pieces, 2);
	assert_counted(eth.stats.linearised, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(starts_the_interface_and_says_so),
		TEST(takes_what_is_for_us),
		TEST(drops_what_is_not_with_the_reason),
		TEST(runts_of_each_length_are_dropped),
		TEST(header_must_lie_in_first_piece),
		TEST(binds_each_type_once_and_four_in_all),
		TEST(writes_the_header_and_flushes_once_a_batch),
		TEST(poll_takes_what_came_and_arms),
		TEST(wakes_when_sending_outside_a_batch),
		TEST(refused_packet_is_as_before),
		TEST(pieces_are_copied_behind_the_first),
		TEST(pieces_are_copied_to_a_new_packet),
		TEST(pieces_that_cannot_be_copied_are_refused),
		TEST(pieces_stay_where_the_device_takes_them),
#ifndef PLAIN_IPV4 /* which has no groups */
		TEST(takes_groups_while_somebody_wants_them),
		TEST(groups_are_bounded),
		TEST(who_filters_is_told_of_first_and_last_members),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
