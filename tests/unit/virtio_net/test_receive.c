/* SPDX-License-Identifier: ISC */
#include "tests/unit/virtio_net/fixture.h"

static void expect_frame(size_t len, uint8_t seed)
{
	struct pkt *p = netif_recv(nif);
	assert_non_null(p);
	check_pattern(p, len, seed);
	assert_int_equal((uintptr_t)(p->data + 14) % 4, 0);
	pkt_put(p);
}

static void frames_come_in_every_layout(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		deliver(1514, 3);
		deliver(60, 4);
		deliver(14, 5);
		expect_frame(1514, 3);
		expect_frame(60, 4);
		expect_frame(14, 5);
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.rx_packets, 3);
		assert_int_equal(nif->stats.rx_bytes, 1588);
		stop_and_count();
	}
}

static void queue_never_runs_dry(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		unsigned target = VIRTIO_NET_RX_SIZE / (kinds[k].apart ? 2 : 1);
		assert_int_equal(buffers_at_device(), target);
		for (unsigned i = 0; i < 70000; i += 20) {
			for (unsigned n = 0; n < 20; n++)
				deliver(60, (uint8_t)n);
			for (unsigned n = 0; n < 20; n++)
				expect_frame(60, (uint8_t)n);
			assert_null(netif_recv(nif));
			assert_int_equal(buffers_at_device(), target);
		}
		assert_int_equal(nif->stats.rx_dropped + nif->stats.rx_errors, 0);
		stop_and_count();
	}
}

static void buffers_are_announced_only_when_the_device_waits(void **state)
{
	(void)state;
	bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX);
	unsigned notified = fake.queue[RX].notified;
	/* As a device that has buffers enough does: the index it waits for stays behind. */
	fake.queue[RX].hold_event = true;
	for (unsigned i = 0; i < 1000; i++) {
		deliver(60, 1);
		expect_frame(60, 1);
		assert_null(netif_recv(nif));
	}
	assert_int_equal(fake.queue[RX].notified, notified);
	stop_and_count();
}

static void interrupts_stop_until_armed(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		deliver(60, 1);
		assert_int_equal(rx_wakes, 1);
		deliver(60, 2);
		assert_int_equal(fake.interrupts, 1);
		expect_frame(60, 1);
		expect_frame(60, 2);
		assert_null(netif_recv(nif));
		deliver(60, 3); /* after the last look, before arming */
		assert_int_equal(fake.interrupts, 1);
		assert_true(netif_rx_arm(nif));
		expect_frame(60, 3);
		assert_null(netif_recv(nif));
		assert_false(netif_rx_arm(nif));
		deliver(60, 4);
		assert_int_equal(rx_wakes, 2);
		assert_int_equal(fake.interrupt_status, 0);
		stop_and_count();
	}
}

static void foreign_interrupts_wake_nobody(void **state)
{
	(void)state;
	bring_up_kind(&kinds[3]);
	irq_chip_handle(&irq, IRQ_LINE);
	assert_int_equal(rx_wakes, 0);
	stop_and_count();
}

static void checksum_flags(void **state)
{
	(void)state;
	static const struct {
		uint64_t feature;
		uint8_t header_flags, pkt_flags;
	} cases[] = {
		{VIRTIO_NET_F_GUEST_CSUM, 0, 0},
		{VIRTIO_NET_F_GUEST_CSUM, 1, PKT_CSUM_OK},
		{VIRTIO_NET_F_GUEST_CSUM, 2, PKT_CSUM_OK},
		{VIRTIO_NET_F_GUEST_CSUM, 4, 0},
		{0, 1, 0}, /* not negotiated: not believed */
		{0, 2, 0},
	};
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		bring_up(2, VIRTIO_F_VERSION_1 | cases[i].feature);
		assert_int_equal((nif->features & NETIF_CSUM_RX) != 0, cases[i].feature != 0);
		const struct device_header h = {.flags = cases[i].header_flags,
						.csum_start = 34,
						.csum_offset = 16,
						.n_buffers = 1};
		device_receives(&h, 60, 0);
		virtio_fake_publish(&fake, RX);
		struct pkt *p = netif_recv(nif);
		assert_int_equal(p->flags, cases[i].pkt_flags);
		pkt_put(p);
		stop_and_count();
	}
}

static void exhausted_pool_drops_and_counts(void **state)
{
	(void)state;
	struct pkt *held[RX_PACKETS];
	unsigned n = 0;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		unsigned target = buffers_at_device();
		for (n = 0; (held[n] = pkt_alloc(&rx_pool, 0)) != NULL; n++)
			;
		for (unsigned i = 0; i < 200; i++) {
			deliver(60, (uint8_t)i);
			assert_null(netif_recv(nif));
		}
		assert_int_equal(nif->stats.rx_dropped, 200);
		assert_int_equal(nif->stats.rx_packets, 0);
		assert_int_equal(buffers_at_device(), target);
		while (n > 0)
			pkt_put(held[--n]);
		deliver(60, 9);
		expect_frame(60, 9);
		stop_and_count();
	}
}

static void frames_behind_bad_ones_are_found(void **state)
{
	(void)state;
	const struct device_header bad = {.gso_type = 1, .n_buffers = 1};
	bring_up_kind(&kinds[3]);
	for (unsigned i = 0; i < VIRTIO_NET_RX_SIZE - 1; i++)
		device_receives(&bad, 60, 0);
	deliver(60, 1);
	expect_frame(60, 1);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_errors, VIRTIO_NET_RX_SIZE - 1);
	assert_int_equal(buffers_at_device(), VIRTIO_NET_RX_SIZE);
	stop_and_count();
}

static void malformed_frames_are_counted(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		struct virtio_fake_chain chain;
		static const uint8_t zeros[64] = {[10] = 1};
		bring_up_kind(&kinds[k]);
		static const int lengths[] = {-10, -1, 0, 13}; /* beside the header's */
		for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
			assert_true(virtio_fake_pop(&fake, RX, &chain));
			size_t len = (size_t)((int)kinds[k].header_bytes + lengths[i]);
			virtio_fake_scatter(&chain, zeros, len);
			virtio_fake_push(&fake, RX, chain.head, (uint32_t)len);
		}
		virtio_fake_publish(&fake, RX);
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.rx_errors, 4);
		deliver(1515, 1); /* longer than the MTU allows */
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.rx_dropped, 1);
		assert_int_equal(nif->stats.resets, 0);
		deliver(60, 1);
		expect_frame(60, 1);
		stop_and_count();
	}
}

/* --- frames in several buffers ---------------------------------------------------------------- */

static void bring_up_jumbo(uint16_t mtu)
{
	plug(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_MRG_RXBUF | VIRTIO_NET_F_MTU);
	memcpy(fake.config + VIRTIO_NET_CONFIG_MTU, &mtu, 2);
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(nif->mtu, mtu);
}

static void receive_in(uint16_t n_buffers, size_t len, uint8_t seed)
{
	const struct device_header h = {.n_buffers = n_buffers};
	device_receives(&h, len, seed);
	virtio_fake_publish(&fake, RX);
}

static void merged_frames_become_pieces(void **state)
{
	(void)state;
	bring_up_jumbo(9000);
	unsigned target = buffers_at_device();
	for (unsigned i = 0; i < 1000; i++) {
		receive_in(5, 9014, (uint8_t)i);
		struct pkt *p = netif_recv(nif);
		assert_non_null(p);
		assert_int_equal(p->n_pieces, 4);
		check_pattern(p, 9014, (uint8_t)i);
		pkt_put(p);
		assert_null(netif_recv(nif));
		assert_int_equal(buffers_at_device(), target);
	}
	receive_in(1, 60, 1);
	expect_frame(60, 1);
	stop_and_count();
}

static void largest_packet_and_one_more_buffer(void **state)
{
	(void)state;
	const uint32_t room = BUF_BYTES - 2; /* of a buffer, from where the header begins */
	bring_up_jumbo(9 * 2046 - 12 - 14);
	receive_in(9, 9 * room - 12, 1);
	expect_frame(9 * room - 12, 1);
	receive_in(10, 9 * room - 12 + 1, 1);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_dropped, 1);
	assert_int_equal(nif->stats.resets, 0);
	receive_in(1, 60, 1);
	expect_frame(60, 1);
	stop_and_count();
}

static void merged_frames_and_an_exhausted_pool(void **state)
{
	(void)state;
	for (unsigned spare = 0; spare < 6; spare++) {
		struct pkt *held[RX_PACKETS];
		unsigned n = 0;
		bring_up_jumbo(9000);
		unsigned target = buffers_at_device();
		while (pool_available(&rx_pool.pool) > spare)
			held[n++] = pkt_alloc(&rx_pool, 0);
		receive_in(5, 9014, 1);
		struct pkt *p = netif_recv(nif);
		assert_int_equal(p != NULL, spare >= 5);
		assert_int_equal(nif->stats.rx_dropped, spare < 5);
		if (p != NULL)
			pkt_put(p);
		assert_null(netif_recv(nif));
		assert_int_equal(buffers_at_device(), target);
		assert_int_equal(pool_available(&rx_pool.pool), spare);
		while (n > 0)
			pkt_put(held[--n]);
		stop_and_count();
	}
}

/* Writes `len` bytes, header included, to one buffer. */
static void raw_buffer(uint16_t n_buffers, uint32_t len)
{
	struct virtio_fake_chain chain;
	uint8_t bytes[256] = {[10] = (uint8_t)n_buffers, [11] = (uint8_t)(n_buffers >> 8)};
	assert_true(virtio_fake_pop(&fake, RX, &chain));
	virtio_fake_scatter(&chain, bytes, len);
	virtio_fake_push(&fake, RX, chain.head, len);
}

static void headers_lie_in_the_first_piece(void **state)
{
	(void)state;
	bring_up_jumbo(9000);
	raw_buffer(2, 12 + 20);
	raw_buffer(0, 200);
	virtio_fake_publish(&fake, RX);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_dropped, 1);
	raw_buffer(2, 12 + 200);
	raw_buffer(0, 0); /* an empty second buffer is odd, but harmless */
	virtio_fake_publish(&fake, RX);
	struct pkt *p = netif_recv(nif);
	assert_int_equal(pkt_bytes(p), 200);
	pkt_put(p);
	assert_int_equal(nif->stats.resets, 0);
	stop_and_count();
}

static void number_of_buffers_that_cannot_be(void **state)
{
	(void)state;
	static const uint16_t lies[] = {2, 3, 64, 65, 0x7fff, 0xffff};
	bring_up_jumbo(9000);
	raw_buffer(0, 212);
	virtio_fake_publish(&fake, RX);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_errors, 1);
	assert_int_equal(nif->stats.resets, 0);
	stop_and_count();
	for (unsigned i = 0; i < ARRAY_SIZE(lies); i++) {
		bring_up_jumbo(9000);
		raw_buffer(lies[i], 212); /* one, whatever it says */
		virtio_fake_publish(&fake, RX);
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.resets, 1);
		assert_int_equal(fake.status & 4, 4);
		receive_in(1, 60, 1);
		expect_frame(60, 1);
		stop_and_count();
	}
}

int run_receive_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_come_in_every_layout),
		cmocka_unit_test(queue_never_runs_dry),
		cmocka_unit_test(buffers_are_announced_only_when_the_device_waits),
		cmocka_unit_test(interrupts_stop_until_armed),
		cmocka_unit_test(foreign_interrupts_wake_nobody),
		cmocka_unit_test(checksum_flags),
		cmocka_unit_test(exhausted_pool_drops_and_counts),
		cmocka_unit_test(frames_behind_bad_ones_are_found),
		cmocka_unit_test(malformed_frames_are_counted),
		cmocka_unit_test(merged_frames_become_pieces),
		cmocka_unit_test(largest_packet_and_one_more_buffer),
		cmocka_unit_test(merged_frames_and_an_exhausted_pool),
		cmocka_unit_test(headers_lie_in_the_first_piece),
		cmocka_unit_test(number_of_buffers_that_cannot_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
