/* SPDX-License-Identifier: ISC */
/* Bringing it up and taking it down. */
#include "tests/unit/sun8i_emac/rig.h"

static void sets_the_mac_up(void **state)
{
	(void)state;
	assert_int_equal(reg_of(EMAC_BASIC1), EMAC_BASIC1_BURST_8);
	assert_int_equal(reg_of(EMAC_FILTER), EMAC_FILTER_OFF);
	assert_int_equal(reg_of(EMAC_TX_DESCRIPTORS), (uintptr_t)net->tx.desc);
	assert_int_equal(reg_of(EMAC_RX_DESCRIPTORS), (uintptr_t)net->rx.desc);
	assert_int_equal(reg_of(EMAC_RX1), EMAC_RX1_DMA | EMAC_RX1_WHOLE_FRAME | EMAC_RX1_START);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - SUN8I_EMAC_RX_RING);
	works();
}

static void keeps_the_address_that_the_loader_has_left(void **state)
{
	(void)state;
	assert_memory_equal(nif->mac, "\x02\x01\x02\x03\x04\x05", 6);
	assert_int_equal(reg_of(EMAC_ADDRESS_LOW), 0x03020102);
	assert_int_equal(reg_of(EMAC_ADDRESS_HIGH), 0x0504);
	/* Its own reset forgets it, the driver does not. */
	netif_stop(nif);
	assert_int_equal(netif_start(nif), OK);
	assert_memory_equal(nif->mac, "\x02\x01\x02\x03\x04\x05", 6);
	works();
}

static void else_the_board_has_one(void **state)
{
	static const uint32_t none[] = {0, 0xffffffff, 0x01};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(none); i++) {
		memset(nif->mac, 0, 6);
		sun8i_emac_fake.regs[EMAC_ADDRESS_LOW / 4] = none[i];
		sun8i_emac_fake.regs[EMAC_ADDRESS_HIGH / 4] = none[i] & 0xffff;
		assert_int_equal(netif_start(nif), OK);
		assert_memory_equal(nif->mac, board_mac, 6);
		assert_int_equal(reg_of(EMAC_ADDRESS_LOW), 0x44338102);
		netif_stop(nif);
	}
}

static void or_it_does_not_start(void **state)
{
	(void)state;
	sun8i_emac_fake.regs[EMAC_ADDRESS_LOW / 4] = 0;
	sun8i_emac_fake.regs[EMAC_ADDRESS_HIGH / 4] = 0;
	board_mac[0] = 0xff;
	assert_int_equal(netif_start(nif), ERR_NOTFOUND);
	assert_int_equal(fake_log_lines, 0); /* the caller says it */
}

static void a_reset_that_does_not_end(void **state)
{
	uint64_t before = mac_fake.now_us;

	(void)state;
	mac_fake.never_stops = true;
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
	assert_in_range(mac_fake.now_us - before, 0, 200000);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
}

static void a_pool_of_four(void **state)
{
	(void)state;
	assert_int_equal(netif_start(nif), OK);
	works();
	for (unsigned i = 0; i < 100; i++) {
		deliver(60, 1);
		deliver(61, 2);
		assert_false(mac_fake_receive("", 1));
		take_and_check(60, 1);
		take_and_check(61, 2);
		run_loop();
	}
}

static void an_empty_pool(void **state)
{
	struct pkt *held[RX_PACKETS];

	(void)state;
	for (unsigned i = 0; i < RX_PACKETS; i++)
		held[i] = pkt_alloc(&rx_pool, 0);
	assert_int_equal(netif_start(nif), ERR_NOMEM);
	for (unsigned i = 0; i < RX_PACKETS; i++)
		pkt_put(held[i]);
	assert_int_equal(netif_start(nif), OK);
	works();
}

static void can_be_stopped_and_started_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		deliver(60, 0);
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
		netif_stop(nif);
		assert_false(nif->link_up);
		assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
		assert_int_equal(netif_start(nif), OK);
		works();
	}
}

int run_start_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(sets_the_mac_up),
		UP(keeps_the_address_that_the_loader_has_left),
		DOWN(else_the_board_has_one),
		DOWN(or_it_does_not_start),
		DOWN(a_reset_that_does_not_end),
		cmocka_unit_test_setup_teardown(a_pool_of_four, plug_small, stop_and_count),
		DOWN(an_empty_pool),
		UP(can_be_stopped_and_started_again),
	};
	return cmocka_run_group_tests_name("sun8i_emac: start", tests, NULL, NULL);
}
