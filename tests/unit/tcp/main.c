/* SPDX-License-Identifier: ISC */
#include "tests/unit/tcp/tests.h"

int main(void)
{
	int failed = 0;

	failed += arithmetic_tests();
	failed += handshake_tests();
	failed += tuning_tests();
	failed += keepalive_tests();
	failed += time_wait_tests();
	failed += cookie_tests();
	failed += connect_tests();
	failed += closing_tests();
	failed += attack_tests();
	failed += window_tests();
	failed += retransmit_tests();
	failed += reassembly_tests();
	failed += flow_tests();
	failed += info_tests();
	failed += limit_tests();
	failed += sharing_tests();
	failed += offload_tests();
	failed += coalesced_tests();
	failed += error_tests();
	failed += sack_tests();
	failed += rack_tests();
	failed += recovery_tests();
	failed += frto_tests();
	failed += cubic_tests();
	failed += ecn_tests();
	failed += plpmtud_tests();
	failed += timestamp_tests();
	failed += prediction_tests();
	failed += soak_tests();
	failed += goodput_tests();
	return failed != 0;
}
