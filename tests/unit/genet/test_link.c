/* SPDX-License-Identifier: ISC */
/* The PHY and the link. */
#include "drivers/net/phy/phy_regs.h"
#include "tests/unit/genet/rig.h"

static unsigned speed(void)
{
	return reg_of(UMAC_COMMAND) >> UMAC_COMMAND_SPEED_SHIFT & 3;
}

static bool is_half(void)
{
	return (reg_of(UMAC_COMMAND) & UMAC_COMMAND_HALF_DUPLEX) != 0;
}

static void all_is_offered_and_the_best_taken(void **state)
{
	const uint32_t rgmii = EXT_RGMII_LINK | EXT_RGMII_ENABLE | EXT_RGMII_NO_DELAY;

	(void)state;
	assert_int_equal(mac_fake.phy.resets, 1);
	assert_int_equal(mac_fake.phy.regs[PHY_ADVERTISE], 0x01e1);
	assert_int_equal(mac_fake.phy.regs[PHY_ADVERTISE_1000], PHY_OFFER_1000_FULL);
	assert_int_equal(mac_fake.phy.regs[PHY_CONTROL], PHY_CONTROL_AUTO | PHY_CONTROL_AGAIN);
	assert_int_equal(speed(), 2);
	assert_false(is_half());
	assert_int_equal(reg_of(EXT_RGMII), rgmii);
	assert_string_equal(fake_log_last, "net0: link up, 1000 Mb/s, full duplex");
}

static void every_mode_reaches_the_mac(void **state)
{
	static const struct {
		unsigned offers, speed;
		bool half;
	} all[] = {{PHY_10_HALF, 0, true},
		   {PHY_10_FULL, 0, false},
		   {PHY_100_HALF, 1, true},
		   {PHY_100_FULL, 1, false},
		   {PHY_1000_FULL, 2, false}};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
		mac_fake_link(all[i].offers);
		pass(PHY_UP_US + PHY_DOWN_US);
		assert_true(nif->link_up);
		assert_int_equal(speed(), all[i].speed);
		assert_int_equal(is_half(), all[i].half);
	}
	/* Nothing that the MAC could do. */
	mac_fake_link(PHY_1000_HALF);
	pass(PHY_UP_US + PHY_DOWN_US);
	assert_false(nif->link_up);
}

static void a_cable_that_is_pulled_and_put_back(void **state)
{
	(void)state;
	mac_fake_link(0);
	pass(PHY_UP_US);
	assert_false(nif->link_up);
	assert_int_equal(reg_of(EXT_RGMII) & EXT_RGMII_LINK, 0);
	assert_string_equal(fake_log_last, "net0: link down");
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

/* The link is there both times it is looked at, and the PHY knows that it was lost between. */
static void a_link_that_was_lost_for_a_moment_goes_down(void **state)
{
	(void)state;
	mac_fake_link(0);
	mac_fake_link(PHY_10_HALF);
	while (net.mac.phy.losses == 0)
		pass(PHY_DOWN_US / 10);
	assert_false(nif->link_up); /* who has asked for a lease must ask again */
	pass(PHY_DOWN_US);
	assert_true(nif->link_up);
	assert_int_equal(speed(), 0);
	assert_true(is_half());
}

static void what_is_sent_without_a_link_is_dropped(void **state)
{
	(void)state;
	mac_fake_link(0);
	pass(PHY_UP_US);
	for (unsigned i = 0; i < 2 * TX_PACKETS; i++)
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	assert_int_equal(nif->stats.tx_errors, 2 * TX_PACKETS);
	assert_int_equal(nif->stats.tx_packets, 0);
	mac_fake_link(MAC_FAKE_1000_FULL);
	pass(2 * PHY_DOWN_US);
	mac_fake_send(1);
	assert_int_equal(mac_fake.n_sent, 0);
}

static void the_phy_is_asked_seldom(void **state)
{
	(void)state;
	mac_fake.phy.reads = 0;
	pass(60 * US_PER_S);
	assert_in_range(mac_fake.phy.reads, 50, 61);
}

/* One line, and the system goes on; when it answers, it is told all from the beginning. */
static void comes_up_late(void **state)
{
	(void)state;
	assert_int_equal(netif_start(nif), OK);
	run_loop();
	pass(10 * US_PER_S);
	assert_false(nif->link_up);
	assert_non_null(strstr(fake_log_last, "net0: the PHY does not answer"));
	assert_int_equal(fake_log_lines, 1);
	mac_fake.phy.is_silent = mac_fake.mdio_hangs = mac_fake.phy.never_resets = false;
	mac_fake.phy.regs[PHY_ID1] = 0x600d;
	pass(PHY_RESET_US + 2 * PHY_DOWN_US);
	assert_true(nif->link_up);
	assert_int_equal(mac_fake.phy.regs[PHY_ADVERTISE_1000], PHY_OFFER_1000_FULL);
}

static void a_silent_phy(void **state)
{
	mac_fake.phy.is_silent = true;
	comes_up_late(state);
}

static void a_phy_that_is_not_there(void **state)
{
	mac_fake.phy.regs[PHY_ID1] = 0xffff;
	comes_up_late(state);
}

static void a_phy_whose_reset_does_not_end(void **state)
{
	mac_fake.phy.never_resets = true;
	comes_up_late(state);
}

static void an_mdio_that_hangs(void **state)
{
	uint64_t before;

	mac_fake.mdio_hangs = true;
	before = mac_fake.now_us;
	assert_int_equal(netif_start(nif), OK);
	assert_in_range(mac_fake.now_us - before, 0, 5000);
	netif_stop(nif);
	fake_log_lines = 0;
	comes_up_late(state);
}

static void a_phy_that_falls_silent(void **state)
{
	(void)state;
	mac_fake.phy.is_silent = true;
	fake_log_lines = 0;
	pass(10 * US_PER_S);
	assert_false(nif->link_up);
	assert_int_equal(fake_log_lines, 2); /* that, and that the link is down */
	mac_fake.phy.is_silent = false;
	pass(2 * PHY_DOWN_US);
	assert_true(nif->link_up);
	assert_int_equal(mac_fake.phy.resets, 2);
}

int run_link_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(all_is_offered_and_the_best_taken),
		UP(every_mode_reaches_the_mac),
		UP(a_cable_that_is_pulled_and_put_back),
		UP(a_link_that_was_lost_for_a_moment_goes_down),
		UP(what_is_sent_without_a_link_is_dropped),
		UP(the_phy_is_asked_seldom),
		DOWN(a_silent_phy),
		DOWN(a_phy_that_is_not_there),
		DOWN(a_phy_whose_reset_does_not_end),
		DOWN(an_mdio_that_hangs),
		UP(a_phy_that_falls_silent),
	};
	return cmocka_run_group_tests_name("genet: link", tests, NULL, NULL);
}
