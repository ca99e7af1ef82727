/* SPDX-License-Identifier: ISC */
/* A controller that lies, that does not stop, that does not stop interrupting. */
#include "tests/unit/genet/rig.h"

static void set(uint32_t offset, uint32_t value)
{
	genet_fake.regs[offset / 4] = value;
}

static void an_index_of_received_frames_that_lies(void **state)
{
	static const uint16_t ahead[] = {RX_IN_RING + 1, GENET_RING, 0x8000};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(ahead); i++) {
		set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) + ahead[i]));
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.resets, i + 1);
		works();
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
	works();
}

static void an_index_that_goes_back(void **state)
{
	(void)state;
	set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) - 1));
	assert_null(netif_recv(nif));
	set(TDMA_CONSUMED, (uint16_t)(reg_of(TDMA_CONSUMED) - 1));
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 2);
	works();
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
	(void)state;
	for (unsigned i = 0; i <= MAC_RESETS_MAX; i++) {
		set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) + 0x1000));
		rx_wakes = tx_wakes = 0;
		assert_null(netif_recv(nif));
		assert_int_not_equal(rx_wakes, 0);
		assert_int_not_equal(tx_wakes, 0);
	}
	is_given_up();
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
	works();
}

static void who_lies_and_does_not_stop_is_given_up(void **state)
{
	uint64_t before = mac_fake.now_us;

	(void)state;
	mac_fake.never_stops = true;
	set(RDMA_PRODUCED, (uint16_t)(reg_of(RDMA_PRODUCED) + 0x1000));
	assert_null(netif_recv(nif));
	assert_in_range(mac_fake.now_us - before, 0, 20000);
	assert_string_equal(fake_log_last, "net0: given up");
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
}

static void a_stray_interrupt_now_and_then(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * MAC_STRAYS_MAX; i++) {
		mac_fake.babbles = true;
		mac_fake_interrupt();
		mac_fake_interrupt();
		mac_fake.babbles = false;
		run_loop();
	}
	assert_int_equal(nif->stats.resets, 0);
}

int run_fault_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(an_index_of_received_frames_that_lies),
		UP(an_index_of_sent_frames_that_lies),
		UP(an_index_that_goes_back),
		UP(what_waits_to_be_sent_is_not_sent_yet),
		UP(who_lies_all_the_time_is_given_up),
		UP(who_lies_seldom_is_not),
		UP(who_does_not_stop_keeps_its_packets),
		UP(who_lies_and_does_not_stop_is_given_up),
		UP(babbling),
		UP(babbling_for_ever),
		UP(a_stray_interrupt_now_and_then),
	};
	return cmocka_run_group_tests_name("genet: faults", tests, NULL, NULL);
}
