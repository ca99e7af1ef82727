/* SPDX-License-Identifier: ISC */
/* Starting and stopping: what the controller is told, and what it does not have. */
#include "tests/unit/genet/rig.h"

static void sets_the_mac_up(void **state)
{
	const uint32_t on = UMAC_COMMAND_RX | UMAC_COMMAND_TX | UMAC_COMMAND_PROMISCUOUS;

	(void)state;
	assert_int_equal(netif_start(nif), OK);
	assert_memory_equal(nif->mac, board_mac, 6);
	assert_int_equal(reg_of(UMAC_MAC0), 0xdca63201);
	assert_int_equal(reg_of(UMAC_MAC1), 0x0203);
	assert_int_equal(genet_fake.mac_resets, 1);
	assert_int_equal(reg_of(UMAC_COMMAND) & on, on);
	assert_int_equal(reg_of(UMAC_FRAME_BYTES_MAX), 1536);
	assert_int_equal(reg_of(SYS_PORT), SYS_PORT_EXTERNAL_GPHY);
	/* What somebody before had turned on. */
	assert_int_equal(reg_of(RBUF_CONTROL), RBUF_ALIGN_2);
	assert_int_equal(reg_of(TBUF_CONTROL), 0);
}

static void rings_begin_where_the_indices_stand(void **state)
{
	const uint32_t at = FIRST_INDEX % GENET_RING * DMA_WORDS;

	(void)state;
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(reg_of(TDMA_PRODUCED), FIRST_INDEX);
	assert_int_equal(reg_of(TDMA_READ_POINTER), at);
	assert_int_equal(reg_of(TDMA_WRITE_POINTER), at);
	assert_int_equal(reg_of(RDMA_READ_POINTER), at);
	assert_int_equal(reg_of(RDMA_WRITE_POINTER), at);
	/* Half of the pool is the controller's: the rest of the ring looks as if it were not empty.
	 */
	assert_int_equal((uint16_t)(reg_of(RDMA_CONSUMED) + GENET_RING),
			 (uint16_t)(FIRST_INDEX + RX_IN_RING));
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
}

static void can_be_stopped_and_started_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(netif_start(nif), OK);
		run_loop();
		pass(PHY_DOWN_US);
		deliver(100, (uint8_t)i);
		take_and_check(100, (uint8_t)i);
		assert_int_equal(netif_send(nif, make_frame(60, 1)), OK);
		netif_flush(nif);
		netif_stop(nif);
		assert_false(nif->link_up);
		assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
		assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
		assert_null(netif_recv(nif));
		assert_false(netif_rx_arm(nif));
	}
}

static void after_a_stop_nothing_is_written_to(void **state)
{
	uint8_t frame[60] = {0};

	(void)state;
	netif_stop(nif);
	assert_false(mac_fake_receive(frame, sizeof(frame)));
	assert_int_equal(reg_of(INTR_MASK), UINT32_MAX);
}

static void another_controller_is_left_alone(void **state)
{
	(void)state;
	genet_fake.regs[SYS_REVISION / 4] = 5 << SYS_REVISION_MAJOR_SHIFT;
	assert_int_equal(netif_start(nif), ERR_NODEV);
	assert_int_equal(reg_of(UMAC_COMMAND), 0);
	assert_int_equal(fake_log_lines, 0); /* the caller says it */
}

static void an_address_that_no_station_has(void **state)
{
	(void)state;
	board_mac[0] |= 1;
	assert_int_equal(netif_start(nif), ERR_NOTFOUND);
	memset(board_mac, 0, sizeof(board_mac));
	assert_int_equal(netif_start(nif), ERR_NOTFOUND);
}

static void without_packets_it_does_not_start(void **state)
{
	struct pkt *all[RX_PACKETS];

	(void)state;
	for (unsigned i = 0; i < RX_PACKETS; i++)
		all[i] = pkt_alloc(&rx_pool, 0);
	assert_int_equal(netif_start(nif), ERR_NOMEM);
	for (unsigned i = 0; i < RX_PACKETS; i++)
		pkt_put(all[i]);
	assert_int_equal(netif_start(nif), OK);
}

int run_start_tests(void)
{
	const struct CMUnitTest tests[] = {
		DOWN(sets_the_mac_up),
		DOWN(rings_begin_where_the_indices_stand),
		DOWN(can_be_stopped_and_started_again),
		UP(after_a_stop_nothing_is_written_to),
		DOWN(another_controller_is_left_alone),
		DOWN(an_address_that_no_station_has),
		DOWN(without_packets_it_does_not_start),
	};
	return cmocka_run_group_tests_name("genet: start", tests, NULL, NULL);
}
