/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"
#include "tests/unit/virtio_net/fixture.h"

static struct sent sent;

static void send_and_flush(struct pkt *p)
{
	assert_int_equal(netif_send(nif, p), OK);
	netif_flush(nif);
}

static void frames_go_out_in_every_layout(void **state)
{
	(void)state;
	static const uint8_t zero[12];
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		struct pkt *p = make_frame(1514, 9);
		uint8_t *data = p->data;
		assert_int_equal(netif_send(nif, p), OK);
		assert_false(device_sends(&sent)); /* not before the flush */
		netif_flush(nif);
		assert_true(device_sends(&sent));
		assert_int_equal(sent.len, 1514);
		assert_memory_equal(sent.bytes, data, 1514);
		assert_memory_equal(sent.header, zero, kinds[k].header_bytes);
		assert_int_equal(data[-(int)kinds[k].header_bytes - 1], 0xaa);
		assert_int_equal(sent.chain.n_out, kinds[k].apart ? 2 : 1);
		assert_int_equal(nif->stats.tx_packets, 1);
		assert_int_equal(nif->stats.tx_bytes, 1514);
		virtio_fake_publish(&fake, TX);
		stop_and_count();
	}
}

static void pieces_follow_the_first(void **state)
{
	(void)state;
	static uint8_t more[PKT_PIECES_MAX][100], expected[54 + sizeof(more)];
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		assert_true((nif->features & NETIF_SG) != 0);
		struct pkt *p = make_frame(54, 1);
		memcpy(expected, p->data, 54);
		for (unsigned i = 0; i < PKT_PIECES_MAX; i++) {
			memset(more[i], (int)i, sizeof(more[i]));
			assert_true(pkt_add_piece(p, SLICE_STATIC(more[i], sizeof(more[i]))));
		}
		memcpy(expected + 54, more, sizeof(more));
		send_and_flush(p);
		assert_true(device_sends(&sent));
		assert_int_equal(sent.len, sizeof(expected));
		assert_memory_equal(sent.bytes, expected, sizeof(expected));
		stop_and_count();
	}
}

static void checksums_are_left_to_the_device(void **state)
{
	(void)state;
	bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_CSUM);
	assert_int_equal(nif->features, NETIF_CSUM_TX | NETIF_SG);
	struct pkt *p = make_frame(60, 1);
	p->flags = PKT_CSUM_PARTIAL;
	p->csum_start = 34;
	p->csum_offset = 16;
	send_and_flush(p);
	assert_true(device_sends(&sent));
	static const uint8_t header[12] = {1, 0, 0, 0, 0, 0, 34, 0, 16, 0, 0, 0};
	assert_memory_equal(sent.header, header, sizeof(header));
	stop_and_count();
}

static void segmentation_is_left_to_the_device(void **state)
{
	(void)state;
	static uint8_t payload[65000];
	for (unsigned v6 = 0; v6 < 2; v6++) {
		bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_CSUM | VIRTIO_NET_F_HOST_TSO4 |
				    VIRTIO_NET_F_HOST_TSO6);
		assert_int_equal(nif->features, NETIF_CSUM_TX | NETIF_SG | NETIF_TSO4 | NETIF_TSO6);
		assert_true(nif->tso_bytes >= sizeof(payload));
		struct pkt *p = make_frame(66, 1);
		p->flags = PKT_CSUM_PARTIAL | (v6 != 0 ? PKT_GSO_TCP6 : PKT_GSO_TCP4);
		p->csum_start = 34;
		p->csum_offset = 16;
		p->gso_bytes = 1448;
		p->gso_header = 66;
		assert_true(pkt_add_piece(p, SLICE_STATIC(payload, sizeof(payload))));
		send_and_flush(p);
		assert_true(device_sends(&sent));
		const uint8_t header[12] = {
			1, v6 != 0 ? 4 : 1, 66, 0, 1448 & 255, 1448 >> 8, 34, 0, 16, 0, 0, 0};
		assert_memory_equal(sent.header, header, sizeof(header));
		assert_int_equal(sent.len, 66 + sizeof(payload));
		stop_and_count();
	}
}

static void segmentation_needs_checksums(void **state)
{
	(void)state;
	bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_HOST_TSO4);
	assert_int_equal(nif->features, NETIF_SG);
	struct pkt *p = make_frame(66, 1);
	p->flags = PKT_GSO_TCP4;
	expect_assert_failure(send_and_flush(p));
	pkt_put(p);
	stop_and_count();
}

static void bad_frames_stay_with_the_caller(void **state)
{
	(void)state;
	static uint8_t more[100];
	bring_up(2, VIRTIO_F_VERSION_1);
	struct pkt *p = make_frame(1515, 1);
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	pkt_put(p);
	p = make_frame(1514, 1);
	assert_true(pkt_add_piece(p, SLICE_STATIC(more, 1)));
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	pkt_put(p);
	p = make_frame(13, 1);
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	pkt_put(p);
	p = pkt_alloc(&tx_pool, 11); /* one byte short of a header */
	memset(pkt_append(p, 60), 0, 60);
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	pkt_put(p);
	assert_int_equal(nif->stats.tx_errors, 4);
	assert_int_equal(nif->stats.tx_packets, 0);
	stop_and_count();
}

static unsigned send_until_full(void)
{
	for (unsigned n = 0;; n++) {
		struct pkt *p = make_frame(60, 0);
		enum err e = netif_send(nif, p);
		if (e == OK)
			continue;
		assert_int_equal(e, ERR_AGAIN);
		pkt_put(p);
		return n;
	}
}

static void full_queue_wakes_the_sender_later(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		unsigned n = send_until_full(), gone = 0;
		assert_int_equal(n, VIRTIO_NET_TX_SIZE / (kinds[k].apart ? 2 : 1));
		assert_int_equal(nif->stats.tx_full, 1);
		assert_int_equal(fake.queue[TX].notified, 1); /* although nobody flushed */
		assert_int_equal(tx_wakes, 0);
		while (tx_wakes == 0 && device_sends(&sent)) {
			virtio_fake_publish(&fake, TX);
			gone++;
		}
		assert_true(tx_wakes > 0);
		/* With event indices not at the first, which would be an interrupt for each. */
		bool events = (kinds[k].features & VIRTIO_F_EVENT_IDX) != 0;
		assert_in_range(gone, events ? n / 2 : 1, n / 2 + 1);
		assert_int_equal(send_until_full(), gone);
		while (device_sends(&sent))
			;
		virtio_fake_publish(&fake, TX);
		assert_null(netif_recv(nif));
		assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
		stop_and_count();
	}
}

static void full_queue_that_empties_meanwhile(void **state)
{
	(void)state;
	bring_up_kind(&kinds[4]);
	for (unsigned i = 0; i < VIRTIO_NET_TX_SIZE; i++)
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	while (device_sends(&sent))
		;
	virtio_fake_publish(&fake, TX);
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	assert_int_equal(nif->stats.tx_full, 0);
	stop_and_count();
}

static void one_notification_a_flush(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		unsigned writes = fake.register_writes, reads = fake.register_reads;
		for (unsigned i = 0; i < 20; i++)
			assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
		assert_int_equal(fake.queue[TX].notified, 0);
		netif_flush(nif);
		netif_flush(nif);
		assert_int_equal(fake.queue[TX].notified, 1);
		assert_int_equal(fake.register_writes - writes, 1);
		assert_int_equal(fake.register_reads - reads, 0);
		stop_and_count();
	}
}

/* One answer to one request, again and again: what it costs in register accesses. */
static void echo_costs_one_interrupt_and_one_notification(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		unsigned rounds = 1000, wakes = 0, rx_notified = fake.queue[RX].notified;
		unsigned reads = fake.register_reads, writes = fake.register_writes;
		for (unsigned i = 0; i < rounds; i++) {
			deliver(60, (uint8_t)i);
			assert_int_equal(rx_wakes, ++wakes);
			struct pkt *p = netif_recv(nif);
			check_pattern(p, 60, (uint8_t)i);
			send_and_flush(p); /* the received packet itself, in place */
			assert_null(netif_recv(nif));
			assert_false(netif_rx_arm(nif));
			assert_true(device_sends(&sent));
			virtio_fake_publish(&fake, TX);
		}
		rx_notified = fake.queue[RX].notified - rx_notified;
		assert_int_equal(fake.interrupts, rounds);
		assert_int_equal(fake.queue[TX].notified, rounds);
		/* Reading why, and acknowledging. */
		assert_int_equal(fake.register_reads - reads, rounds);
		assert_int_equal(fake.register_writes - writes, 2 * rounds + rx_notified);
		stop_and_count();
	}
}

/* A sender whose pool is in the queue must get it back without sending more. */
static void long_batches_are_freed_by_one_interrupt(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		for (unsigned i = 0; i < 20; i++)
			assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
		netif_flush(nif);
		while (device_sends(&sent))
			virtio_fake_publish(&fake, TX);
		assert_int_equal(fake.interrupts, 1);
		assert_int_equal(rx_wakes, 1);
		assert_null(netif_recv(nif));
		assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
		stop_and_count();
	}
}

/* The interrupt for the batch is not lost when a frame arrives before the batch is done. */
static void long_batches_survive_other_interrupts(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		bring_up_kind(&kinds[k]);
		for (unsigned i = 0; i < 30; i++)
			assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
		netif_flush(nif);
		for (unsigned i = 0; i < 10; i++)
			assert_true(device_sends(&sent));
		virtio_fake_publish(&fake, TX);
		deliver(60, 1);
		struct pkt *p = netif_recv(nif);
		pkt_put(p);
		assert_null(netif_recv(nif));
		assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS - 20);
		assert_false(netif_rx_arm(nif));
		unsigned wakes = rx_wakes;
		while (device_sends(&sent))
			;
		virtio_fake_publish(&fake, TX);
		assert_int_equal(rx_wakes, wakes + 1);
		assert_null(netif_recv(nif));
		assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
		stop_and_count();
	}
}

static void small_queues_take_single_pieces(void **state)
{
	(void)state;
	plug(1, 0);
	fake.queue[TX].num_max = 4;
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(nif->features, 0);
	send_and_flush(make_frame(60, 0));
	assert_true(device_sends(&sent));
	struct pkt *p = make_frame(60, 0);
	assert_true(pkt_add_piece(p, SLICE_STATIC("x", 1)));
	expect_assert_failure(send_and_flush(p));
	pkt_put(p);
	stop_and_count();
}

int run_send_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_go_out_in_every_layout),
		cmocka_unit_test(pieces_follow_the_first),
		cmocka_unit_test(checksums_are_left_to_the_device),
		cmocka_unit_test(segmentation_is_left_to_the_device),
		cmocka_unit_test(segmentation_needs_checksums),
		cmocka_unit_test(bad_frames_stay_with_the_caller),
		cmocka_unit_test(full_queue_wakes_the_sender_later),
		cmocka_unit_test(full_queue_that_empties_meanwhile),
		cmocka_unit_test(one_notification_a_flush),
		cmocka_unit_test(echo_costs_one_interrupt_and_one_notification),
		cmocka_unit_test(long_batches_are_freed_by_one_interrupt),
		cmocka_unit_test(long_batches_survive_other_interrupts),
		cmocka_unit_test(small_queues_take_single_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
