/* SPDX-License-Identifier: ISC */
/* The PHY and the link. */
#include "drivers/net/phy/phy_regs.h"
#include "tests/unit/sun8i_emac/rig.h"

static void every_mode_reaches_the_mac(void **state)
{
	static const struct {
		unsigned offers;
		uint32_t mode;
	} all[] = {
		{PHY_10_HALF, EMAC_BASIC0_SPEED_10},
		{PHY_10_FULL, EMAC_BASIC0_SPEED_10 | EMAC_BASIC0_FULL_DUPLEX},
		{PHY_100_HALF, EMAC_BASIC0_SPEED_100},
		{PHY_100_FULL, EMAC_BASIC0_SPEED_100 | EMAC_BASIC0_FULL_DUPLEX},
	};

	(void)state;
	assert_int_equal(mac_fake.phy.regs[PHY_ADVERTISE], 0x01e1);
	for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
		mac_fake_link(all[i].offers);
		pass(PHY_UP_US + PHY_DOWN_US);
		assert_true(nif->link_up);
		assert_int_equal(reg_of(EMAC_BASIC0), all[i].mode);
		works();
	}
}

static void a_cable_that_is_pulled_and_put_back(void **state)
{
	(void)state;
	mac_fake_link(0);
	pass(PHY_UP_US);
	assert_false(nif->link_up);
	assert_string_equal(fake_log_last, "net0: link down");
	fake_log_lines = 0;
	pass(60 * US_PER_S);
	assert_int_equal(fake_log_lines, 0);
	mac_fake_link(PHY_100_FULL);
	pass(3 * PHY_DOWN_US);
	assert_true(nif->link_up);
	assert_int_equal(fake_log_lines, 1);
	works();
}

static void without_a_link_nothing_is_sent(void **state)
{
	(void)state;
	mac_fake_link(0);
	pass(PHY_UP_US);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	assert_int_equal(nif->stats.tx_errors, 1000);
	assert_int_equal(nif->stats.resets, 0);
}

static void a_phy_that_falls_silent(void **state)
{
	(void)state;
	mac_fake.phy.is_silent = true;
	pass(60 * US_PER_S);
	assert_false(nif->link_up);
	assert_int_equal(fake_log_complaints, 1);
	mac_fake.phy.is_silent = false;
	works();
}

static void an_mdio_that_hangs(void **state)
{
	uint64_t before;

	(void)state;
	mac_fake.mdio_hangs = true;
	pass(PHY_UP_US);
	before = mac_fake.now_us;
	pass(60 * US_PER_S);
	assert_in_range(mac_fake.now_us - before, 0, 62 * US_PER_S);
	assert_false(nif->link_up);
	assert_int_equal(fake_log_complaints, 1);
	mac_fake.mdio_hangs = false;
	works();
}

int run_link_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(every_mode_reaches_the_mac),
		UP(a_cable_that_is_pulled_and_put_back),
		UP(without_a_link_nothing_is_sent),
		UP(a_phy_that_falls_silent),
		UP(an_mdio_that_hangs),
	};
	return cmocka_run_group_tests_name("sun8i_emac: link", tests, NULL, NULL);
}
