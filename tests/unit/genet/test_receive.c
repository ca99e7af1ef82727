/* SPDX-License-Identifier: ISC */
/* Receiving. */
#include "tests/unit/genet/rig.h"

static const uint32_t whole = DMA_FIRST | DMA_LAST;

static void a_full_ring_drops_and_counts(void **state)
{
	uint8_t frame[60] = {0};
	unsigned n = 0;

	(void)state;
	while (mac_fake_receive(frame, sizeof(frame)))
		n++;
	assert_int_equal(n, RX_IN_RING);
	for (unsigned i = 1; i < 5; i++)
		assert_false(mac_fake_receive(frame, sizeof(frame)));
	for (unsigned i = 0; i < n; i++)
		pkt_put(netif_recv(nif));
	run_loop();
	assert_int_equal(nif->stats.rx_dropped, 5);
	deliver(60, 0);
	take_and_check(60, 0);
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
		UP(frames_come_up_in_their_order),
		UP(many_frames),
		UP(an_interrupt_wakes_once),
		UP(a_frame_just_before_the_wait_is_seen),
		UP(a_full_ring_drops_and_counts),
		UP(without_a_fresh_packet_the_frame_is_dropped),
		UP(frames_with_errors),
		UP(lengths_that_none_has),
		UP(nothing_but_bad_frames_does_not_keep_the_loop),
	};
	return cmocka_run_group_tests_name("genet: receiving", tests, NULL, NULL);
}
