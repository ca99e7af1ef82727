/* SPDX-License-Identifier: ISC */
/* Starting, the PHY and the link. */
#include "drivers/net/phy/phy_regs.h"
#include "tests/unit/gem/rig.h"

static uint32_t speed(void)
{
	return reg_of(GEM_CONFIG) & (GEM_CONFIG_100 | GEM_CONFIG_1000 | GEM_CONFIG_FULL_DUPLEX);
}

static void all_is_set_up(void **state)
{
	const uint32_t own[2] = {0x01350a00, 0x0302};

	(void)state;
	assert_memory_equal(nif->mac, "\x00\x0a\x35\x01\x02\x03", 6);
	assert_int_equal(reg_of(GEM_MAC_LOW), own[0]);
	assert_int_equal(reg_of(GEM_MAC_HIGH), own[1]);
	assert_int_equal(reg_of(GEM_CONFIG) >> GEM_CONFIG_BUS_SHIFT & 3, 1);
	/* 100 MHz by 48: no faster than the 2.5 MHz of clause 22. */
	assert_int_equal(reg_of(GEM_CONFIG) >> GEM_CONFIG_MDC_SHIFT & 7, 3);
	assert_int_equal(reg_of(GEM_CONFIG) & 0x10, 0); /* not all addresses */
	assert_true(gem_fake.pages_shared);
	assert_int_equal(nif->features, NETIF_SG | NETIF_CSUM_TX | NETIF_CSUM_RX);
	assert_string_equal(fake_log_last, "net0: link up, 1000 Mb/s, full duplex");
	assert_int_equal(net.mac.phy.address, 12);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
}

static void one_that_is_not_there(void **state)
{
	static const uint32_t modules[] = {0, UINT32_MAX, 0x00010106};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(modules); i++) {
		gem_fake.regs[GEM_MODULE / 4] = modules[i];
		assert_int_equal(netif_start(nif), ERR_NODEV);
		assert_false(nif->link_up);
	}
	gem_fake.regs[GEM_MODULE / 4] = 0x00020118;
	gem_fake.regs[GEM_DESIGN6 / 4] = 0;
	assert_int_equal(netif_start(nif), ERR_UNSUPPORTED);
}

static void addresses_that_are_no_stations(void **state)
{
	static const uint32_t low[] = {0, 0x01350a01};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(low); i++) {
		gem_fake.regs[GEM_MAC_LOW / 4] = low[i];
		gem_fake.regs[GEM_MAC_HIGH / 4] = 0;
		fake_log_complaints = 0;
		assert_int_equal(netif_start(nif), OK);
		assert_int_equal(fake_log_complaints, 1);
		assert_int_equal(nif->mac[0], 0x02); /* administered locally */
		netif_stop(nif);
	}
}

static void every_mode_reaches_the_mac(void **state)
{
	static const struct {
		unsigned offers;
		uint32_t config;
		unsigned rate;
	} all[] = {{PHY_10_HALF, 0, 10},
		   {PHY_10_FULL, GEM_CONFIG_FULL_DUPLEX, 10},
		   {PHY_100_HALF, GEM_CONFIG_100, 100},
		   {PHY_100_FULL, GEM_CONFIG_100 | GEM_CONFIG_FULL_DUPLEX, 100},
		   {PHY_1000_FULL, GEM_CONFIG_1000 | GEM_CONFIG_FULL_DUPLEX, 1000}};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
		mac_fake_link(all[i].offers);
		pass(PHY_UP_US + PHY_DOWN_US);
		assert_true(nif->link_up);
		assert_int_equal(speed(), all[i].config);
		assert_int_equal(gem_fake.rate, all[i].rate);
	}
}

static void a_cable_that_is_pulled_and_put_back(void **state)
{
	(void)state;
	mac_fake_link(0);
	pass(PHY_UP_US);
	assert_false(nif->link_up);
	for (unsigned i = 0; i < 2 * TX_PACKETS; i++)
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	assert_int_equal(nif->stats.tx_errors, 2 * TX_PACKETS);
	fake_log_lines = 0;
	pass(60 * US_PER_S);
	assert_int_equal(fake_log_lines, 0);
	mac_fake_link(PHY_100_FULL);
	pass(2 * PHY_DOWN_US);
	assert_true(nif->link_up);
	assert_int_equal(fake_log_lines, 1);
	deliver(64, 3);
	take_and_check(64, 3);
}

/* One line, and the system goes on. */
static void comes_up_late(void)
{
	uint64_t before = mac_fake.now_us;

	fake_log_complaints = 0;
	assert_int_equal(netif_start(nif), OK);
	assert_in_range(mac_fake.now_us - before, 0, 5000);
	run_loop();
	pass(10 * US_PER_S);
	assert_false(nif->link_up);
	assert_int_equal(fake_log_complaints, 1);
	mac_fake.phy.is_silent = mac_fake.phy.never_resets = mac_fake.mdio_hangs = false;
	gem_fake.regs[GEM_STATUS / 4] = GEM_STATUS_MDIO_IDLE;
	pass(PHY_RESET_US + 2 * PHY_DOWN_US);
	assert_true(nif->link_up);
}

static void a_silent_phy(void **state)
{
	(void)state;
	mac_fake.phy.is_silent = true;
	comes_up_late();
}

static void a_phy_whose_reset_does_not_end(void **state)
{
	(void)state;
	mac_fake.phy.never_resets = true;
	comes_up_late();
}

static void an_mdio_that_hangs(void **state)
{
	(void)state;
	mac_fake.mdio_hangs = true;
	comes_up_late();
}

static void can_be_stopped_and_started_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(netif_start(nif), OK);
		run_loop();
		deliver(100, (uint8_t)i);
		take_and_check(100, (uint8_t)i);
		assert_int_equal(netif_send(nif, make_frame(60, 1)), OK);
		netif_flush(nif);
		netif_stop(nif);
		assert_false(nif->link_up);
		assert_int_equal(reg_of(GEM_CONTROL) & (GEM_CONTROL_RX | GEM_CONTROL_TX), 0);
		assert_int_equal(gem_fake.intr_enabled, 0);
		assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
		assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
		assert_null(netif_recv(nif));
		assert_false(netif_rx_arm(nif));
	}
}

static void what_it_counts_is_counted(void **state)
{
	(void)state;
	gem_fake.regs[GEM_RX_UNDERSIZE / 4] = 1;
	gem_fake.regs[GEM_RX_ALIGNMENT / 4] = 2;
	gem_fake.regs[GEM_RX_BAD_IP / 4] = 4;
	gem_fake.regs[GEM_RX_BAD_UDP / 4] = 8;
	gem_fake.regs[GEM_RX_NO_BUFFERS / 4] = 16;
	gem_fake.regs[GEM_RX_OVERRUNS / 4] = 32;
	gem_fake.regs[GEM_TX_LATE / 4] = 64;
	pass(3 * PHY_UP_US);
	assert_int_equal(nif->stats.rx_errors, 15);
	assert_int_equal(nif->stats.rx_dropped, 48);
	assert_int_equal(nif->stats.tx_errors, 64);
}

int run_link_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(all_is_set_up),
		DOWN(one_that_is_not_there),
		DOWN(addresses_that_are_no_stations),
		UP(every_mode_reaches_the_mac),
		UP(a_cable_that_is_pulled_and_put_back),
		DOWN(a_silent_phy),
		DOWN(a_phy_whose_reset_does_not_end),
		DOWN(an_mdio_that_hangs),
		DOWN(can_be_stopped_and_started_again),
		UP(what_it_counts_is_counted),
	};
	return cmocka_run_group_tests_name("gem: link", tests, NULL, NULL);
}
