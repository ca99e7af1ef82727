/* SPDX-License-Identifier: ISC */
/* Sending. */
#include "tests/unit/genet/rig.h"

static void few_frames_cost_no_interrupt(void **state)
{
	(void)state;
	mac_fake.interrupts = 0;
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	mac_fake_send(1);
	mac_fake_interrupt();
	assert_int_equal(mac_fake.interrupts, 0);
}

int run_send_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(a_frame_goes_out_as_it_is),
		UP(pieces_are_gathered),
		UP(many_in_batches),
		UP(a_full_ring_refuses_and_wakes),
		UP(what_was_sent_is_not_kept_for_ever),
		UP(few_frames_cost_no_interrupt),
		UP(what_is_no_frame_is_refused),
	};
	return cmocka_run_group_tests_name("genet: sending", tests, NULL, NULL);
}
