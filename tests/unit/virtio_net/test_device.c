/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"
#include "tests/fakes/runtime.h"
#include "tests/unit/virtio_net/fixture.h"

static struct sent sent;

static void features_are_those_negotiated(void **state)
{
	(void)state;
	const uint64_t all = VIRTIO_NET_F_CSUM | VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_HOST_TSO4 |
			     VIRTIO_NET_F_HOST_TSO6;
	bring_up(2, VIRTIO_F_VERSION_1);
	assert_int_equal(nif->features, NETIF_SG);
	stop_and_count();
	bring_up(1, all);
	assert_int_equal(nif->features,
			 NETIF_SG | NETIF_CSUM_RX | NETIF_CSUM_TX | NETIF_TSO4 | NETIF_TSO6);
	stop_and_count();
	/* What it offers beyond, a control queue, is not accepted. */
	bring_up(2, VIRTIO_F_VERSION_1 | UINT64_C(1) << 17 | VIRTIO_NET_F_MRG_RXBUF);
	assert_int_equal(fake.accepted, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_MRG_RXBUF);
	stop_and_count();
}

static void address_is_the_device_s_or_invented(void **state)
{
	(void)state;
	bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_MAC);
	assert_memory_equal(nif->mac, "\x52\x54\x00\x12\x34\x56", 6);
	stop_and_count();
	bring_up(2, VIRTIO_F_VERSION_1);
	assert_int_equal(nif->mac[0] & 3, 2); /* local, not a group */
	stop_and_count();
	plug(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_MAC);
	fake.config[0] = 0x53; /* a group */
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(nif->mac[0] & 3, 2);
	stop_and_count();
}

static uint16_t mtu_with(uint64_t features, uint16_t mtu)
{
	plug(2, VIRTIO_F_VERSION_1 | features);
	store_le16(fake.config + VIRTIO_NET_CONFIG_MTU, mtu);
	assert_int_equal(netif_start(nif), OK);
	uint16_t got = nif->mtu;
	bool accepted = (fake.accepted & VIRTIO_NET_F_MTU) != 0;
	assert_int_equal(accepted, got == mtu && features != 0);
	stop_and_count();
	return got;
}

static void mtu_is_what_both_can(void **state)
{
	(void)state;
	assert_int_equal(mtu_with(0, 9000), 1500);
	assert_int_equal(mtu_with(VIRTIO_NET_F_MTU, 1280), 1280);
	assert_int_equal(mtu_with(VIRTIO_NET_F_MTU, 67), 1500);
	assert_int_equal(mtu_with(VIRTIO_NET_F_MTU, 0), 1500);
	assert_int_equal(mtu_with(VIRTIO_NET_F_MTU, 2020), 2020);
	assert_int_equal(mtu_with(VIRTIO_NET_F_MTU, 2021), 1500); /* not in one buffer */
	assert_int_equal(mtu_with(VIRTIO_NET_F_MTU | VIRTIO_NET_F_MRG_RXBUF, 9000), 9000);
	assert_int_equal(mtu_with(VIRTIO_NET_F_MTU | VIRTIO_NET_F_MRG_RXBUF, 65535), 1500);
}

static void link_follows_the_configuration(void **state)
{
	(void)state;
	bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_STATUS);
	assert_true(nif->link_up);
	fake.config[VIRTIO_NET_CONFIG_STATUS] = 0;
	virtio_fake_config_changed(&fake);
	assert_int_equal(rx_wakes, 1);
	assert_null(netif_recv(nif));
	assert_false(nif->link_up);
	fake.config[VIRTIO_NET_CONFIG_STATUS] = 1;
	virtio_fake_config_changed(&fake);
	assert_null(netif_recv(nif));
	assert_true(nif->link_up);
	stop_and_count();
	bring_up(2, VIRTIO_F_VERSION_1);
	assert_true(nif->link_up);
	stop_and_count();
	assert_false(nif->link_up);
}

static void start_says_what_is_wrong(void **state)
{
	(void)state;
	struct pkt *held[RX_PACKETS];
	unsigned n = 0;
	plug(2, VIRTIO_F_VERSION_1);
	fake.refuse_features = true;
	fake_log_complaints = 0;
	assert_int_equal(netif_start(nif), ERR_UNSUPPORTED);
	/* Layers above go on without it; they say it. */
	assert_int_equal(nif->mtu, 1500);
	assert_false(nif->link_up);
	assert_int_equal(fake_log_complaints, 0);
	fake.refuse_features = false;
	fake.queue[TX].num_max = 1;
	assert_int_equal(netif_start(nif), ERR_UNSUPPORTED);
	assert_int_equal(fake.status & 128, 128);
	fake.queue[TX].num_max = 64;
	while (pool_available(&rx_pool.pool) > 0)
		held[n++] = pkt_alloc(&rx_pool, 0);
	assert_int_equal(netif_start(nif), ERR_NOMEM);
	while (n > 0)
		pkt_put(held[--n]);
	assert_int_equal(netif_start(nif), OK); /* nothing of it has stuck */
	stop_and_count();

	plug(2, VIRTIO_F_VERSION_1);
	irq.lines[IRQ_LINE].handler = irq.lines[0].handler;
	irq.n_lines = IRQ_LINE;
	assert_int_equal(netif_start(nif), ERR_RANGE);
	assert_int_equal(nif->mtu, 1500);
	irq.n_lines = IRQ_LINE + 1;
}

static void half_of_a_small_pool_stays_free(void **state)
{
	(void)state;
	static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[PKT_POOL_BYTES(10, BUF_BYTES)];
	plug(2, VIRTIO_F_VERSION_1);
	pkt_pool_init(&rx_pool, memory, 10, BUF_BYTES);
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(pool_available(&rx_pool.pool), 5);
	netif_stop(nif);
	assert_int_equal(pool_available(&rx_pool.pool), 10);
}

static void stop_and_start_again(void **state)
{
	(void)state;
	bring_up_kind(&kinds[4]);
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned n = 0; n < 5; n++)
			assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
		netif_flush(nif);
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK); /* not shown yet */
		deliver(60, 1);
		stop_and_count();
		struct pkt *p = make_frame(60, 0);
		assert_int_equal(netif_send(nif, p), ERR_IO);
		netif_flush(nif);
		assert_null(netif_recv(nif));
		assert_false(netif_rx_arm(nif));
		pkt_put(p);
		assert_int_equal(netif_start(nif), OK);
	}
	stop_and_count();
}

/* --- lies and recovery ------------------------------------------------------------------------ */

static void lie_rx_jump(void)
{
	virtio_fake_jump(&fake, RX, 1000);
}

static void lie_rx_id(void)
{
	virtio_fake_push(&fake, RX, 12345678, 60);
	virtio_fake_publish(&fake, RX);
}

static void lie_rx_twice(void)
{
	struct virtio_fake_chain chain;
	static const uint8_t bytes[100] = {[10] = 1};
	assert_true(virtio_fake_pop(&fake, RX, &chain));
	virtio_fake_scatter(&chain, bytes, sizeof(bytes));
	for (unsigned i = 0; i < 2; i++)
		virtio_fake_push(&fake, RX, chain.head, sizeof(bytes));
	virtio_fake_publish(&fake, RX);
	struct pkt *p = netif_recv(nif); /* the first time it is true */
	assert_non_null(p);
	pkt_put(p);
}

static void lie_rx_length(void)
{
	struct virtio_fake_chain chain;
	assert_true(virtio_fake_pop(&fake, RX, &chain));
	virtio_fake_push(&fake, RX, chain.head, chain.in_bytes + 1);
	virtio_fake_publish(&fake, RX);
}

static void lie_tx_jump(void)
{
	virtio_fake_jump(&fake, TX, 0xffff);
}

static void lie_tx_id(void)
{
	virtio_fake_push(&fake, TX, 63, 0);
	virtio_fake_publish(&fake, TX);
}

static void lie_needs_reset(void)
{
	fake.status |= 64;
	virtio_fake_config_changed(&fake);
}

static void (*const lies[])(void) = {
	lie_rx_jump, lie_rx_id, lie_rx_twice,    lie_rx_length,
	lie_tx_jump, lie_tx_id, lie_needs_reset,
};

static void expect_traffic(void)
{
	deliver(60, 7);
	struct pkt *p = netif_recv(nif);
	assert_non_null(p);
	check_pattern(p, 60, 7);
	assert_int_equal(netif_send(nif, p), OK);
	netif_flush(nif);
	assert_true(device_sends(&sent));
	virtio_fake_publish(&fake, TX);
	assert_null(netif_recv(nif));
	assert_false(netif_rx_arm(nif));
}

static void bring_up_with_status(const struct kind *k)
{
	bring_up(k->version, k->features | VIRTIO_NET_F_STATUS);
}

static void lying_device_is_reset_and_goes_on(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		for (unsigned i = 0; i < ARRAY_SIZE(lies); i++) {
			bring_up_with_status(&kinds[k]);
			for (unsigned n = 0; n < 3; n++)
				assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
			netif_flush(nif);
			unsigned lines = fake_log_lines, resets = fake.resets;
			lies[i]();
			unsigned wakes = rx_wakes;
			assert_null(netif_recv(nif));
			assert_int_equal(nif->stats.resets, 1);
			assert_int_equal(fake.resets, resets + 2); /* taking down, setting up */
			assert_int_equal(fake_log_lines, lines + 1);
			assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
			assert_true(rx_wakes > wakes);
			expect_traffic();
			stop_and_count();
		}
	}
}

static void expect_given_up(void)
{
	assert_false(nif->link_up);
	assert_int_equal(fake.status & 128, 128);
	struct pkt *p = make_frame(60, 0);
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
	assert_null(netif_recv(nif));
	assert_false(netif_rx_arm(nif));
	assert_true(rx_wakes > 0 && tx_wakes > 0);
}

static void configuration_that_cannot_be_read(void **state)
{
	(void)state;
	bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_STATUS);
	fake.config_in_flux = true;
	virtio_fake_config_changed(&fake);
	assert_null(netif_recv(nif));
	expect_given_up(); /* it cannot be read after a reset either */
	stop_and_count();
	assert_int_equal(netif_start(nif), ERR_IO);
	stop_and_count();
}

static void send_finds_a_lie_too(void **state)
{
	(void)state;
	bring_up_kind(&kinds[4]);
	for (unsigned n = 0; n < VIRTIO_NET_TX_SIZE; n++)
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	lie_tx_jump();
	struct pkt *p = make_frame(60, 0);
	assert_int_equal(netif_send(nif, p), ERR_AGAIN);
	assert_int_equal(tx_wakes, 1);
	assert_int_equal(nif->stats.resets, 1);
	assert_int_equal(netif_send(nif, p), OK);
	netif_flush(nif);
	assert_true(device_sends(&sent));
	stop_and_count();
}

static void liar_is_given_up_in_the_end(void **state)
{
	(void)state;
	bring_up_kind(&kinds[3]);
	for (unsigned i = 0; i < VIRTIO_NET_RESETS_MAX; i++) {
		lie_rx_jump();
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.resets, i + 1);
		expect_traffic();
	}
	lie_rx_jump();
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, VIRTIO_NET_RESETS_MAX);
	expect_given_up();
	stop_and_count();
	assert_int_equal(netif_start(nif), OK); /* by hand it may try again */
	expect_traffic();
	stop_and_count();
}

static void rare_lies_are_forgiven(void **state)
{
	(void)state;
	bring_up_kind(&kinds[3]);
	for (unsigned i = 0; i < 3 * VIRTIO_NET_RESETS_MAX; i++) {
		for (unsigned n = 0; n < VIRTIO_NET_FRAMES_BETWEEN_RESETS; n++)
			expect_traffic();
		lie_rx_jump();
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.resets, i + 1);
	}
	/* The frames of long ago do not excuse a row of lies now. */
	for (unsigned i = 0; i < VIRTIO_NET_RESETS_MAX; i++) {
		expect_traffic();
		lie_rx_jump();
		assert_null(netif_recv(nif));
	}
	expect_given_up();
	stop_and_count();
}

/* Layers above were told of the features: a device that has fewer now cannot be used. */
static void fewer_features_after_a_reset(void **state)
{
	(void)state;
	bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_CSUM);
	fake.offered &= ~VIRTIO_NET_F_CSUM;
	lie_rx_jump();
	assert_null(netif_recv(nif));
	expect_given_up();
	stop_and_count();

	bring_up(2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_CSUM);
	fake.queue[TX].num_max = 4; /* no room for packets with pieces any more */
	lie_rx_jump();
	assert_null(netif_recv(nif));
	expect_given_up();
	stop_and_count();
}

/* Who does not reset may go on writing: its buffers are not handed out again. */
static void device_that_does_not_reset_keeps_its_buffers(void **state)
{
	(void)state;
	bring_up_kind(&kinds[3]);
	fake.never_resets = true;
	lie_rx_jump();
	assert_null(netif_recv(nif));
	expect_given_up();
	netif_stop(nif);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - VIRTIO_NET_RX_SIZE);
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
	fake.never_resets = false;
	assert_int_equal(netif_start(nif), OK); /* now it has reset, they are free */
	expect_traffic();
	stop_and_count();
}

/* The handler may run between any two steps of setting up and taking down. */
static void interrupts_come_at_any_time(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		plug(kinds[k].version, kinds[k].features | VIRTIO_NET_F_STATUS);
		fake.storms = true;
		assert_int_equal(netif_start(nif), OK);
		lie_rx_jump();
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.resets, 1);
		stop_and_count();
		fake.storms = false;
		assert_int_equal(netif_start(nif), OK);
		expect_traffic();
		stop_and_count();
	}
}

int run_device_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(features_are_those_negotiated),
		cmocka_unit_test(address_is_the_device_s_or_invented),
		cmocka_unit_test(mtu_is_what_both_can),
		cmocka_unit_test(link_follows_the_configuration),
		cmocka_unit_test(start_says_what_is_wrong),
		cmocka_unit_test(half_of_a_small_pool_stays_free),
		cmocka_unit_test(stop_and_start_again),
		cmocka_unit_test(lying_device_is_reset_and_goes_on),
		cmocka_unit_test(configuration_that_cannot_be_read),
		cmocka_unit_test(send_finds_a_lie_too),
		cmocka_unit_test(liar_is_given_up_in_the_end),
		cmocka_unit_test(rare_lies_are_forgiven),
		cmocka_unit_test(fewer_features_after_a_reset),
		cmocka_unit_test(device_that_does_not_reset_keeps_its_buffers),
		cmocka_unit_test(interrupts_come_at_any_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
