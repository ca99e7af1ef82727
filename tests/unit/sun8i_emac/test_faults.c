/* SPDX-License-Identifier: ISC */
/* A controller that stands still, that does not stop, that does not stop interrupting. */
#include "tests/unit/sun8i_emac/rig.h"

static void one_that_sends_nothing_is_set_up_again(void **state)
{
	(void)state;
	pass(PHY_UP_US);
	send_frame_of(60, 0);
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
		send_frame_of(60, 0);
	for (unsigned i = 0; i < 10; i++) {
		mac_fake_send(1);
		pass(PHY_UP_US - 20000);
	}
	assert_int_equal(nif->stats.resets, 0);
}

static void one_that_never_sends_is_given_up(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20 && nif->link_up; i++) {
		send_frame_of(60, 0);
		pass(3 * PHY_UP_US);
	}
	is_given_up();
}

int run_fault_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(one_that_sends_nothing_is_set_up_again),
		UP(one_that_sends_slowly_is_left_alone),
		UP(one_that_never_sends_is_given_up),
		UP(who_does_not_stop_keeps_its_packets),
		UP(babbling),
		UP(babbling_for_ever),
	};
	return cmocka_run_group_tests_name("sun8i_emac: faults", tests, NULL, NULL);
}
