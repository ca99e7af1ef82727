/* SPDX-License-Identifier: ISC */
/*
 * The PHY's state machine over a fake one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "drivers/net/phy/dp83867.h"
#include "drivers/net/phy/phy.h"
#include "drivers/net/phy/phy_regs.h"
#include "hal/timer.h"
#include "tests/fakes/phy_fake.h"
#include "tests/fakes/runtime.h"

enum { ALL = PHY_10_100 | PHY_1000_HALF | PHY_1000_FULL };

static struct phy_fake fake;
static struct phy phy;
static struct phy_config config;
static uint64_t now_us;
static unsigned changes, accesses, setups;
static enum err bus_error; /* of the interface itself */

static enum err read_reg(void *mac, unsigned address, unsigned reg, uint16_t *value)
{
	assert_ptr_equal(mac, &now_us);
	assert_in_range(address, 0, 31);
	assert_in_range(reg, 0, 31);
	accesses++;
	if (bus_error != OK)
		return bus_error;
	return phy_fake_read(&fake, address, reg, value) ? OK : ERR_IO;
}

static enum err write_reg(void *mac, unsigned address, unsigned reg, uint16_t value)
{
	assert_ptr_equal(mac, &now_us);
	accesses++;
	if (bus_error != OK)
		return bus_error;
	return phy_fake_write(&fake, address, reg, value) ? OK : ERR_IO;
}

static int setup(void **state)
{
	(void)state;
	phy_fake_init(&fake, 7);
	config = (struct phy_config){.read = read_reg,
				     .write = write_reg,
				     .address = 7,
				     .offers = PHY_10_100 | PHY_1000_FULL};
	phy_init(&phy, &config, &now_us, "net0");
	now_us = 5000;
	changes = accesses = setups = 0;
	bus_error = OK;
	fake_log_lines = fake_log_complaints = 0;
	return 0;
}

/* Time passes, and the driver polls whenever it is due. */
static void pass(uint64_t us)
{
	uint64_t end_us = now_us + us;

	while (phy.due_us <= end_us) {
		uint64_t before = now_us;

		now_us = MAX(now_us, phy.due_us);
		changes += phy_poll(&phy, now_us);
		assert_true(phy.due_us >= now_us + PHY_RESET_POLL_US);
		assert_true(now_us >= before);
	}
	now_us = end_us;
}

static void comes_up(void)
{
	pass(PHY_RESET_US + 2 * PHY_DOWN_US);
	assert_true(phy_is_up(&phy));
}

static void nothing_is_touched_before_the_first_poll(void **state)
{
	(void)state;
	assert_int_equal(accesses, 0);
	assert_false(phy_is_up(&phy));
	assert_int_equal(phy.due_us, 0);
}

static void it_is_identified_reset_and_told_what_to_offer(void **state)
{
	(void)state;
	fake.reset_reads = 20;
	phy_fake_plug(&fake, ALL);
	comes_up();
	assert_int_equal(phy.id, 0x600d84a2);
	assert_int_equal(fake.resets, 1);
	assert_int_equal(fake.negotiations, 1);
	assert_int_equal(fake.regs[PHY_ADVERTISE], 0x01e1);
	assert_int_equal(fake.regs[PHY_ADVERTISE_1000], 0x0200);
	assert_int_equal(fake.regs[PHY_CONTROL], PHY_CONTROL_AUTO | PHY_CONTROL_AGAIN);
	assert_int_equal(changes, 1);
	assert_string_equal(fake_log_last, "net0: link up, 1000 Mb/s, full duplex");
}

/* Where its reset is over at once, one poll finds it and has it negotiate. */
static void no_time_is_lost_on_a_fast_one(void **state)
{
	(void)state;
	assert_false(phy_poll(&phy, now_us));
	assert_int_equal(fake.negotiations, 1);
}

static void the_best_of_both_is_taken(void **state)
{
	static const struct {
		unsigned ours, theirs, mbit;
		bool full;
	} all[] = {
		{PHY_10_100 | PHY_1000_FULL, ALL, 1000, true},
		{ALL, PHY_1000_HALF | PHY_10_100, 1000, false},
		{PHY_10_100 | PHY_1000_FULL, PHY_1000_HALF | PHY_10_100, 100, true},
		{PHY_10_100, ALL, 100, true},
		{PHY_10_100, PHY_100_HALF | PHY_10_FULL, 100, false},
		{PHY_10_100, PHY_10_HALF | PHY_10_FULL, 10, true},
		{PHY_10_100, PHY_10_HALF, 10, false},
		{PHY_10_HALF, PHY_10_100, 10, false},
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
		phy_fake_plug(&fake, all[i].theirs);
		phy_renegotiate(&phy, (uint8_t)all[i].ours);
		comes_up();
		assert_int_equal(phy.link.mbit, all[i].mbit);
		assert_int_equal(phy.link.full_duplex, all[i].full);
	}
}

/* Table 28B-3, all of it: ours and theirs as PAUSE and ASM_DIR. */
static void who_may_pause_whom(void **state)
{
	static const char *const table[4][4] = {
		/* theirs: none, asym, pause, both */
		{"--", "--", "--", "--"},
		{"--", "--", "--", "t-"},
		{"--", "--", "tr", "tr"},
		{"--", "-r", "tr", "tr"},
	};
	static const unsigned bits[4] = {0, PHY_PAUSE_ASYM, PHY_PAUSE, PHY_PAUSE | PHY_PAUSE_ASYM};

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		const char *expected = table[i / 4][i % 4];

		phy_fake_plug(&fake, ALL | bits[i % 4]);
		phy_renegotiate(&phy, (uint8_t)(PHY_10_100 | bits[i / 4]));
		comes_up();
		assert_int_equal(phy.link.tx_pause, expected[0] == 't');
		assert_int_equal(phy.link.rx_pause, expected[1] == 'r');
	}
	/* Pauses are for full duplex alone. */
	phy_fake_plug(&fake, PHY_10_HALF | PHY_PAUSE);
	phy_renegotiate(&phy, PHY_10_100 | PHY_PAUSE);
	comes_up();
	assert_false(phy.link.tx_pause || phy.link.rx_pause);
}

/* Its registers 9 and 10 are its own then: neither written nor believed. */
static void one_without_gigabits(void **state)
{
	(void)state;
	fake.regs[PHY_STATUS] = 0;
	fake.regs[PHY_ADVERTISE_1000] = 0x1234;
	phy_fake_plug(&fake, ALL);
	fake.regs[PHY_ADVERTISE_1000] = 0x1234;
	comes_up();
	assert_int_equal(phy.link.mbit, 100);
	assert_int_not_equal(fake.regs[PHY_ADVERTISE_1000], 0x0200);
}

static void a_cable_that_is_pulled_and_put_back(void **state)
{
	(void)state;
	phy_fake_plug(&fake, ALL);
	comes_up();
	phy_fake_pull(&fake);
	pass(PHY_UP_US);
	assert_false(phy_is_up(&phy));
	assert_string_equal(fake_log_last, "net0: link down");
	fake_log_lines = 0;
	pass(60 * US_PER_S);
	assert_int_equal(fake_log_lines, 0);
	phy_fake_plug(&fake, PHY_10_HALF);
	pass(2 * PHY_DOWN_US);
	assert_true(phy_is_up(&phy));
	assert_int_equal(phy.link.mbit, 10);
	assert_int_equal(changes, 3);
	assert_int_equal(phy.links, 2);
	assert_int_equal(phy.losses, 1);
	assert_int_equal(fake.resets, 1);
}

/* The link is there both times it is looked at, and the PHY knows that it was lost between. */
static void a_link_that_was_lost_for_a_moment_goes_down(void **state)
{
	(void)state;
	phy_fake_plug(&fake, ALL);
	comes_up();
	phy_fake_pull(&fake);
	phy_fake_plug(&fake, PHY_100_FULL);
	pass(PHY_UP_US);
	assert_int_equal(changes, 3);
	assert_int_equal(phy.link.mbit, 100);
	assert_int_equal(phy.losses, 1);
}

static void a_link_that_is_up_costs_a_read_a_second(void **state)
{
	(void)state;
	phy_fake_plug(&fake, ALL);
	comes_up();
	accesses = 0;
	pass(60 * US_PER_S);
	assert_in_range(accesses, 59, 61);
}

static void asked_to_negotiate_anew_it_goes_down_first(void **state)
{
	(void)state;
	phy_fake_plug(&fake, ALL);
	comes_up();
	phy_renegotiate(&phy, PHY_10_FULL);
	assert_true(phy_poll(&phy, now_us));
	assert_false(phy_is_up(&phy));
	comes_up();
	assert_int_equal(phy.link.mbit, 10);
	assert_int_equal(fake.regs[PHY_ADVERTISE], PHY_OFFER_802_3 | PHY_OFFER_10_FULL);
	assert_int_equal(fake.regs[PHY_ADVERTISE_1000], 0);
	assert_int_equal(fake.resets, 1);
}

static void a_negotiation_that_does_not_end_is_begun_anew(void **state)
{
	(void)state;
	fake.never_completes = true;
	phy_fake_plug(&fake, ALL);
	pass(60 * US_PER_S);
	assert_false(phy_is_up(&phy));
	assert_in_range(fake.negotiations, 5, 9);
	assert_int_equal(fake_log_lines, 0);
	fake.never_completes = false;
	comes_up();
}

static void without_a_cable_nothing_is_begun_anew(void **state)
{
	(void)state;
	pass(60 * US_PER_S);
	assert_int_equal(fake.negotiations, 1);
	assert_int_equal(fake_log_lines, 0);
}

static void partners_with_nothing_in_common(void **state)
{
	(void)state;
	phy_fake_plug(&fake, 0);
	pass(10 * US_PER_S);
	assert_false(phy_is_up(&phy));
	phy_fake_plug(&fake, PHY_10_FULL);
	comes_up();
}

static void the_first_that_answers(void **state)
{
	(void)state;
	config.address = PHY_ADDRESS_ANY;
	fake.address = 31;
	phy_fake_plug(&fake, ALL);
	comes_up();
	assert_int_equal(phy.address, 31);
}

/* One line, and it is looked for for ever; when it answers, it is told all from the beginning. */
static void is_complained_of_once(void)
{
	unsigned negotiations = fake.negotiations;

	pass(60 * US_PER_S);
	assert_false(phy_is_up(&phy));
	assert_int_equal(fake_log_complaints, 1);
	assert_non_null(strstr(fake_log_complaint, "net0: the PHY does not answer"));
	fake.is_silent = fake.never_resets = false;
	bus_error = OK;
	fake.regs[PHY_ID1] = 0x600d;
	phy_fake_plug(&fake, ALL);
	comes_up();
	assert_int_equal(fake.negotiations, negotiations + 1);
}

static void a_silent_one(void **state)
{
	(void)state;
	fake.is_silent = true;
	is_complained_of_once();
}

static void a_silent_one_at_any_address(void **state)
{
	(void)state;
	config.address = PHY_ADDRESS_ANY;
	fake.is_silent = true;
	pass(1);
	assert_int_equal(accesses, PHY_ADDRESSES);
	is_complained_of_once();
}

static void lines_that_nobody_drives(void **state)
{
	(void)state;
	fake.regs[PHY_ID1] = 0xffff;
	is_complained_of_once();
}

static void a_reset_that_does_not_end(void **state)
{
	(void)state;
	fake.never_resets = true;
	is_complained_of_once();
}

/* The other 31 addresses are not tried, each of which would cost its time. */
static void an_interface_that_hangs(void **state)
{
	(void)state;
	config.address = PHY_ADDRESS_ANY;
	bus_error = ERR_TIMEOUT;
	pass(1);
	assert_int_equal(accesses, 1);
	is_complained_of_once();
}

static void one_that_falls_silent(void **state)
{
	(void)state;
	phy_fake_plug(&fake, ALL);
	comes_up();
	fake.is_silent = true;
	is_complained_of_once();
	assert_int_equal(changes, 3);
	assert_int_equal(fake.resets, 2);
}

static enum err needs_setup(struct phy *p)
{
	uint16_t value;

	setups++;
	assert_int_equal(phy_mmd_write(p, 31, 0x86, 0xa8), OK);
	assert_int_equal(phy_mmd_read(p, 31, 0x86, &value), OK);
	assert_int_equal(value, 0xa8);
	return setups == 1 ? ERR_IO : OK;
}

/* After each reset; one that fails is looked for again. */
static void what_its_kind_needs_comes_after_its_reset(void **state)
{
	(void)state;
	config.setup = needs_setup;
	phy_fake_plug(&fake, ALL);
	comes_up();
	assert_int_equal(setups, 2);
	assert_int_equal(fake.resets, 2);
	assert_int_equal(fake.mmd[0x86], 0xa8);
}

static enum err zcu102_setup(struct phy *p)
{
	return dp83867_setup(p, (struct dp83867_delays){.rx_steps = 9, .tx_steps = 11});
}

static void a_dp83867_gets_its_delays(void **state)
{
	(void)state;
	config.setup = zcu102_setup;
	fake.regs[PHY_ID1] = 0x2000;
	fake.regs[PHY_ID2] = 0xa231;
	fake.mmd[0x31] = 0x10b0;
	fake.mmd[0x32] = 0x0050;
	phy_fake_plug(&fake, ALL);
	comes_up();
	assert_int_equal(fake.mmd[0x31], 0x1030); /* out of the mode of tests */
	assert_int_equal(fake.mmd[0x32], 0x00d3);
	assert_int_equal(fake.mmd[0x86], 0xa8);
}

static void another_is_left_as_it_is(void **state)
{
	(void)state;
	config.setup = zcu102_setup;
	phy_fake_plug(&fake, ALL);
	comes_up();
	assert_int_equal(fake.mmd[0x32], 0);
	assert_int_equal(fake.regs[PHY_MMD_DATA], 0);
}

static void after_a_restart_it_is_looked_for_again(void **state)
{
	(void)state;
	phy_fake_plug(&fake, ALL);
	comes_up();
	phy_restart(&phy);
	assert_false(phy_is_up(&phy));
	comes_up();
	assert_int_equal(fake.resets, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_touched_before_the_first_poll),
		TEST(it_is_identified_reset_and_told_what_to_offer),
		TEST(no_time_is_lost_on_a_fast_one),
		TEST(the_best_of_both_is_taken),
		TEST(who_may_pause_whom),
		TEST(one_without_gigabits),
		TEST(a_cable_that_is_pulled_and_put_back),
		TEST(a_link_that_was_lost_for_a_moment_goes_down),
		TEST(a_link_that_is_up_costs_a_read_a_second),
		TEST(asked_to_negotiate_anew_it_goes_down_first),
		TEST(a_negotiation_that_does_not_end_is_begun_anew),
		TEST(without_a_cable_nothing_is_begun_anew),
		TEST(partners_with_nothing_in_common),
		TEST(the_first_that_answers),
		TEST(a_silent_one),
		TEST(a_silent_one_at_any_address),
		TEST(lines_that_nobody_drives),
		TEST(a_reset_that_does_not_end),
		TEST(an_interface_that_hangs),
		TEST(one_that_falls_silent),
		TEST(what_its_kind_needs_comes_after_its_reset),
		TEST(a_dp83867_gets_its_delays),
		TEST(another_is_left_as_it_is),
		TEST(after_a_restart_it_is_looked_for_again),
	};
	return cmocka_run_group_tests_name("phy", tests, NULL, NULL);
}
