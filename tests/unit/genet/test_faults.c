/* SPDX-License-Identifier: ISC */
/* A controller that lies, that does not stop, that does not stop interrupting. */
#include "tests/unit/genet/rig.h"

static void set(uint32_t offset, uint32_t value)
{
	genet_fake.regs[offset / 4] = value;
}

static void works_again(void)
{
	run_loop();
	pass(PHY_UP_US + PHY_DOWN_US);
	assert_true(nif->link_up);
	deliver(99, 4);
	take_and_check(99, 4);
	assert_int_equal(netif_send(nif, make_frame(77, 8)), OK);
	netif_flush(nif);
	genet_fake.n_sent = 0;
	genet_fake_send(1);
	assert_int_equal(genet_fake.n_sent, 1);
	check_pattern(genet_fake.sent[0].bytes, 77, 8);
}

static void an_index_of_received_frames_that_lies(void **state)
{
	static const uint16_t ahead[] = {RX_IN_RING + 1, GENET_RING, 0x8000};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(ahead); i++) {
		set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) + ahead[i]));
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.resets, i + 1);
		works_again();
	}
}

static void an_index_of_sent_frames_that_lies(void **state)
{
	(void)state;
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	set(TDMA_CONSUMED, (uint16_t)(reg_of(TDMA_PRODUCED) + 1));
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	works_again();
}

static void an_index_that_goes_back(void **state)
{
	(void)state;
	set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) - 1));
	assert_null(netif_recv(nif));
	set(TDMA_CONSUMED, (uint16_t)(reg_of(TDMA_CONSUMED) - 1));
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 2);
	works_again();
}

static void what_waits_to_be_sent_is_not_sent_yet(void **state)
{
	(void)state;
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	set(TDMA_CONSUMED, (uint16_t)(reg_of(TDMA_CONSUMED) + 1)); /* of which it was not told */
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
}

static void who_lies_all_the_time_is_given_up(void **state)
{
	struct pkt *p;

	(void)state;
	for (unsigned i = 0; i <= MAC_RESETS_MAX; i++) {
		set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) + 0x1000));
		rx_wakes = tx_wakes = 0;
		assert_null(netif_recv(nif));
		assert_int_not_equal(rx_wakes, 0);
		assert_int_not_equal(tx_wakes, 0);
	}
	assert_int_equal(nif->stats.resets, MAC_RESETS_MAX);
	assert_string_equal(fake_log_last, "net0: given up");
	assert_false(nif->link_up);
	p = make_frame(60, 0);
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
	assert_null(netif_recv(nif));
	assert_false(netif_rx_arm(nif));
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
	assert_false(genet_fake.line_enabled);
}

static void who_lies_seldom_is_not(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3 * MAC_RESETS_MAX; i++) {
		for (unsigned j = 0; j < MAC_FRAMES_BETWEEN_RESETS; j++) {
			deliver(60, 0);
			take_and_check(60, 0);
		}
		set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) + 0x1000));
		assert_null(netif_recv(nif));
	}
	works_again();
}

/* It may still write to its packets: nobody else gets them. */
static void who_does_not_stop_keeps_its_packets(void **state)
{
	(void)state;
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	genet_fake.never_stops = true;
	netif_stop(nif);
	assert_string_equal(fake_log_last, "net0: does not stop");
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS - 1);
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
	genet_fake.never_stops = false;
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	works_again();
}

static void who_lies_and_does_not_stop_is_given_up(void **state)
{
	uint64_t before = genet_fake.now_us;

	(void)state;
	genet_fake.never_stops = true;
	set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) + 0x1000));
	assert_null(netif_recv(nif));
	assert_in_range(genet_fake.now_us - before, 0, 20000);
	assert_string_equal(fake_log_last, "net0: given up");
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
}

/* The processor would do nothing else: the line is turned off. */
static void babbling(void **state)
{
	(void)state;
	genet_fake.babbles = true;
	rx_wakes = 0;
	for (unsigned i = 0; i < 10 * MAC_STRAYS_MAX; i++)
		genet_fake_interrupt();
	assert_in_range(genet_fake.interrupts, MAC_STRAYS_MAX, MAC_STRAYS_MAX + 10);
	assert_false(genet_fake.line_enabled);
	assert_int_not_equal(rx_wakes, 0);
	genet_fake.babbles = false;
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
	assert_true(genet_fake.line_enabled);
	works_again();
}

static void babbling_for_ever(void **state)
{
	(void)state;
	genet_fake.babbles = true;
	for (unsigned i = 0; i < 10; i++) {
		for (unsigned j = 0; j < 10 * MAC_STRAYS_MAX; j++)
			genet_fake_interrupt();
		assert_null(netif_recv(nif));
	}
	assert_string_equal(fake_log_last, "net0: given up");
	assert_false(genet_fake.line_enabled);
}

static void a_stray_interrupt_now_and_then(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * MAC_STRAYS_MAX; i++) {
		genet_fake.babbles = true;
		genet_fake_interrupt();
		genet_fake_interrupt();
		genet_fake.babbles = false;
		run_loop();
	}
	assert_int_equal(nif->stats.resets, 0);
}

int run_fault_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_index_of_received_frames_that_lies, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(an_index_of_sent_frames_that_lies, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(an_index_that_goes_back, bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(what_waits_to_be_sent_is_not_sent_yet, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(who_lies_all_the_time_is_given_up, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(who_lies_seldom_is_not, bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(who_does_not_stop_keeps_its_packets, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(who_lies_and_does_not_stop_is_given_up, bring_up,
						stop_and_count),
		cmocka_unit_test_setup_teardown(babbling, bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(babbling_for_ever, bring_up, stop_and_count),
		cmocka_unit_test_setup_teardown(a_stray_interrupt_now_and_then, bring_up,
						stop_and_count),
	};
	return cmocka_run_group_tests_name("genet: faults", tests, NULL, NULL);
}
