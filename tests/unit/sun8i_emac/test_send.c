/* SPDX-License-Identifier: ISC */
/* Sending. */
#include "tests/unit/sun8i_emac/rig.h"

static void what_it_could_not_send_is_counted(void **state)
{
	(void)state;
	sun8i_emac_fake.tx_status = 0x100; /* sixteen collisions */
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	mac_fake_send(1);
	run_loop();
	assert_int_equal(nif->stats.tx_errors, 1);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
}

int run_send_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(a_frame_goes_out_as_it_is),
		UP(pieces_are_gathered),
		UP(many_in_batches),
		UP(a_full_ring_refuses_and_wakes),
		UP(what_was_sent_is_not_kept_for_ever),
		UP(what_is_no_frame_is_refused),
		UP(what_it_could_not_send_is_counted),
	};
	return cmocka_run_group_tests_name("sun8i_emac: send", tests, NULL, NULL);
}
