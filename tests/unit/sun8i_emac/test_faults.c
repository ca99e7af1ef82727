/* SPDX-License-Identifier: ISC */
/* A controller that stands still, that does not stop, that does not stop interrupting. */
#include "tests/unit/sun8i_emac/rig.h"

static void give_it_something_to_send(void)
{
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
}

static void one_that_sends_nothing_is_set_up_again(void **state)
{
	(void)state;
	pass(PHY_UP_US);
	give_it_something_to_send();
	pass(3 * PHY_UP_US);
	assert_int_equal(nif->stats.resets, 1);
	assert_string_equal(fake_log_complaint, "net0: device fault: sends nothing");
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	works();
}

static void one_that_sends_slowly_is_left_alone(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10; i++)
		give_it_something_to_send();
	for (unsigned i = 0; i < 10; i++) {
		sun8i_emac_fake_send(1);
		pass(PHY_UP_US - 20000);
	}
	assert_int_equal(nif->stats.resets, 0);
}

static void one_that_never_sends_is_given_up(void **state)
{
	struct pkt *p;

	(void)state;
	for (unsigned i = 0; i < 20 && nif->link_up; i++) {
		give_it_something_to_send();
		pass(3 * PHY_UP_US);
	}
	assert_int_equal(nif->stats.resets, MAC_RESETS_MAX);
	assert_string_equal(fake_log_last, "net0: given up");
	p = make_frame(60, 0);
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
	assert_null(netif_recv(nif));
	assert_false(netif_rx_arm(nif));
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
}

/* It may still write to its packets: nobody else gets them. */
static void who_does_not_stop_keeps_its_packets(void **state)
{
	(void)state;
	give_it_something_to_send();
	sun8i_emac_fake.never_resets = true;
	netif_stop(nif);
	assert_string_equal(fake_log_last, "net0: does not stop");
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS / 2);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS - 1);
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS / 2);
	sun8i_emac_fake.never_resets = false;
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	works();
}

/* The processor would do nothing else: the line is turned off. */
static void babbling(void **state)
{
	(void)state;
	sun8i_emac_fake.babbles = true;
	rx_wakes = 0;
	for (unsigned i = 0; i < 10 * MAC_STRAYS_MAX; i++)
		sun8i_emac_fake_interrupt();
	assert_in_range(sun8i_emac_fake.interrupts, MAC_STRAYS_MAX, MAC_STRAYS_MAX + 10);
	assert_false(sun8i_emac_fake.line_enabled);
	assert_int_not_equal(rx_wakes, 0);
	sun8i_emac_fake.babbles = false;
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
	assert_true(sun8i_emac_fake.line_enabled);
	works();
}

static void babbling_for_ever(void **state)
{
	(void)state;
	sun8i_emac_fake.babbles = true;
	for (unsigned i = 0; i < 10; i++) {
		for (unsigned j = 0; j < 10 * MAC_STRAYS_MAX; j++)
			sun8i_emac_fake_interrupt();
		assert_null(netif_recv(nif));
	}
	assert_string_equal(fake_log_last, "net0: given up");
	assert_false(sun8i_emac_fake.line_enabled);
}

int run_fault_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_that_sends_nothing_is_set_up_again),
		TEST(one_that_sends_slowly_is_left_alone),
		TEST(one_that_never_sends_is_given_up),
		TEST(who_does_not_stop_keeps_its_packets),
		TEST(babbling),
		TEST(babbling_for_ever),
	};
	return cmocka_run_group_tests_name("sun8i_emac: faults", tests, NULL, NULL);
}
