/* SPDX-License-Identifier: ISC */
/* Receiving. */
#include "tests/unit/genet/rig.h"

static const uint32_t whole = DMA_FIRST | DMA_LAST;

static void frames_come_up_in_their_order(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++)
		deliver(60 + i, (uint8_t)i);
	for (unsigned i = 0; i < 20; i++)
		take_and_check(60 + i, (uint8_t)i);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_packets, 20);
	assert_int_equal(nif->stats.rx_errors + nif->stats.rx_dropped, 0);
}

/* Buffers wander through the whole ring, and the indices past their end. */
static void many_frames(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		for (unsigned j = 0; j < 3; j++)
			deliver(1514, (uint8_t)(i + j));
		for (unsigned j = 0; j < 3; j++)
			take_and_check(1514, (uint8_t)(i + j));
		run_loop();
	}
	assert_int_equal(nif->stats.rx_bytes, 3000 * 1514);
}

static void an_interrupt_wakes_once(void **state)
{
	(void)state;
	rx_wakes = 0;
	deliver(60, 0);
	genet_fake_interrupt();
	deliver(60, 1);
	genet_fake_interrupt();
	assert_int_equal(rx_wakes, 1);
	take_and_check(60, 0);
	take_and_check(60, 1);
	run_loop();
	deliver(60, 2);
	genet_fake_interrupt();
	assert_int_equal(rx_wakes, 2);
	take_and_check(60, 2);
	run_loop();
	genet_fake_interrupt(); /* there is nothing new */
	assert_int_equal(rx_wakes, 2);
}

static void a_frame_just_before_the_wait_is_seen(void **state)
{
	(void)state;
	assert_null(netif_recv(nif));
	deliver(60, 0);
	assert_true(netif_rx_arm(nif));
	take_and_check(60, 0);
}

static void a_full_ring_drops_and_counts(void **state)
{
	uint8_t frame[60] = {0};
	unsigned n = 0;

	(void)state;
	while (genet_fake_receive(frame, sizeof(frame)))
		n++;
	assert_int_equal(n, RX_IN_RING);
	for (unsigned i = 1; i < 5; i++)
		assert_false(genet_fake_receive(frame, sizeof(frame)));
	for (unsigned i = 0; i < n; i++)
		pkt_put(netif_recv(nif));
	run_loop();
	assert_int_equal(nif->stats.rx_dropped, 5);
	deliver(60, 0);
	take_and_check(60, 0);
}

static void without_a_fresh_packet_the_frame_is_dropped(void **state)
{
	struct pkt *held[RX_PACKETS - RX_IN_RING];

	(void)state;
	for (unsigned i = 0; i < RX_PACKETS - RX_IN_RING; i++)
		held[i] = pkt_alloc(&rx_pool, 0);
	deliver(60, 0);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_dropped, 1);
	for (unsigned i = 0; i < RX_PACKETS - RX_IN_RING; i++)
		pkt_put(held[i]);
	deliver(60, 1);
	take_and_check(60, 1);
}

/* A frame that is none is counted, and does not keep the next from coming. */
static void comes_and_is_dropped(uint32_t flags, size_t said_len, uint32_t *counter)
{
	uint8_t frame[1600] = {0};
	uint32_t before = *counter;

	assert_true(genet_fake_receive_as(frame, 60, flags, said_len));
	deliver(60, 5);
	take_and_check(60, 5);
	assert_int_equal(*counter, before + 1);
}

static void frames_with_errors(void **state)
{
	(void)state;
	for (uint32_t error = 1; error <= DMA_RX_ERRORS; error <<= 1)
		comes_and_is_dropped(whole | error, 62, &nif->stats.rx_errors);
	comes_and_is_dropped(DMA_FIRST, 62, &nif->stats.rx_errors);
	comes_and_is_dropped(DMA_LAST, 62, &nif->stats.rx_errors);
	comes_and_is_dropped(0, 0, &nif->stats.rx_errors); /* not written at all */
}

static void lengths_that_none_has(void **state)
{
	(void)state;
	comes_and_is_dropped(whole, 0, &nif->stats.rx_errors);
	comes_and_is_dropped(whole, 1, &nif->stats.rx_errors);
	comes_and_is_dropped(whole, 15, &nif->stats.rx_errors);
	comes_and_is_dropped(whole, 2049, &nif->stats.rx_errors);
	comes_and_is_dropped(whole, 4095, &nif->stats.rx_errors);
	comes_and_is_dropped(whole, 1521, &nif->stats.rx_dropped);
	comes_and_is_dropped(whole, 2048, &nif->stats.rx_dropped);
}

static void nothing_but_bad_frames_does_not_keep_the_loop(void **state)
{
	uint8_t frame[60] = {0};

	(void)state;
	for (unsigned i = 0; i < 10 * GENET_RING; i++) {
		assert_true(genet_fake_receive_as(frame, 60, whole | 1, 62));
		if (i % RX_IN_RING == RX_IN_RING - 1)
			assert_null(netif_recv(nif));
	}
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_errors, 10 * GENET_RING);
}

int run_receive_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(frames_come_up_in_their_order, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(many_frames, bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(an_interrupt_wakes_once, bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(a_frame_just_before_the_wait_is_seen, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(a_full_ring_drops_and_counts, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(without_a_fresh_packet_the_frame_is_dropped,
						bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(frames_with_errors, bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(lengths_that_none_has, bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(nothing_but_bad_frames_does_not_keep_the_loop,
						bring_up, stop_and_count),
	};
	return cmocka_run_group_tests_name("genet: receiving", tests, NULL, NULL);
}
