/* SPDX-License-Identifier: ISC */
/* A controller that lies, that does not stop, that does not stop interrupting. */
#include "tests/unit/gem/rig.h"

static void set(uint32_t offset, uint32_t value)
{
	gem_fake.regs[offset / 4] = value;
}

static void descriptors_that_no_frame_has(void **state)
{
	const uint32_t whole = GEM_RX_FIRST | GEM_RX_LAST;
	const uint32_t said[] = {0,
				 60,
				 whole,
				 whole | 13,
				 whole | 0x1fff,
				 whole | 2047,
				 GEM_RX_FIRST | 60,
				 GEM_RX_LAST | 60,
				 0xffff3fff};
	uint8_t frame[60];

	(void)state;
	fill_frame(frame, sizeof(frame), 0);
	for (unsigned i = 0; i < ARRAY_SIZE(said); i++) {
		assert_true(gem_fake_receive_as(frame, sizeof(frame), said[i]));
		assert_null(netif_recv(nif));
	}
	assert_int_equal(nif->stats.rx_errors, ARRAY_SIZE(said));
	/* A frame, but longer than the MTU allows. */
	assert_true(gem_fake_receive_as(frame, sizeof(frame), whole | 1519));
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_dropped, 1);
	works();
}

/* Whatever it writes there: only what can be a frame is one, and no packet is lost. */
static void noise_in_descriptors(void **state)
{
	uint32_t seed = 1;
	uint8_t frame[60];

	(void)state;
	fill_frame(frame, sizeof(frame), 0);
	for (unsigned i = 0; i < 20000; i++) {
		struct gem_descriptor *d = gem_fake_rx_next();
		struct pkt *p;

		seed = seed * 1664525 + 1013904223;
		assert_true(gem_fake_receive_as(frame, sizeof(frame), seed));
		d->address = seed | GEM_RX_USED; /* which the driver does not believe */
		d->address_high = seed;
		p = netif_recv(nif);
		if (p != NULL) {
			assert_in_range(p->len, 14, 1518);
			pkt_put(p);
		}
	}
	works();
}

static void nothing_but_bad_frames_does_not_keep_the_loop(void **state)
{
	uint8_t frame[60];

	(void)state;
	fill_frame(frame, sizeof(frame), 0);
	for (unsigned i = 0; i < RX_IN_RING; i++)
		assert_true(gem_fake_receive_as(frame, sizeof(frame), 0));
	assert_null(netif_recv(nif));
	assert_in_range(nif->stats.rx_errors, 1, 64);
}

/* Used bits where nothing was given to it, and lengths in what it was given. */
static void descriptors_to_send_that_it_writes_to(void **state)
{
	(void)state;
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	net.rings.tx[0].control = UINT32_MAX & ~GEM_TX_ERRORS;
	net.rings.tx[1].control = 0x3fff | GEM_TX_USED;
	run_loop();
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	assert_int_equal(net.rings.tx[0].control, GEM_TX_USED);
	assert_int_equal(nif->stats.resets, 0);
}

static void a_frame_that_it_cannot_send(void **state)
{
	static const uint32_t errors[] = {1u << 29, 1u << 27, 1u << 26};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(errors); i++) {
		for (unsigned j = 0; j < 3; j++)
			assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
		netif_flush(nif);
		gem_fake_fail_to_send(errors[i]);
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.resets, i + 1);
		assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
		works();
	}
}

static void the_bus_says_no(void **state)
{
	(void)state;
	set(GEM_RX_STATUS, GEM_RX_STATUS_FAULTS);
	assert_null(netif_recv(nif));
	set(GEM_TX_STATUS, 0x100);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 2);
	works();
}

static void who_is_at_fault_all_the_time_is_given_up(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= MAC_RESETS_MAX; i++) {
		set(GEM_RX_STATUS, GEM_RX_STATUS_FAULTS);
		rx_wakes = tx_wakes = 0;
		assert_null(netif_recv(nif));
		assert_int_not_equal(rx_wakes, 0);
		assert_int_not_equal(tx_wakes, 0);
	}
	is_given_up();
}

static void who_is_seldom_at_fault_is_not(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3 * MAC_RESETS_MAX; i++) {
		for (unsigned j = 0; j < MAC_FRAMES_BETWEEN_RESETS; j++) {
			deliver(60, 0);
			take_and_check(60, 0);
		}
		set(GEM_RX_STATUS, GEM_RX_STATUS_FAULTS);
		assert_null(netif_recv(nif));
	}
	works();
}

int run_fault_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(descriptors_that_no_frame_has),
		UP(noise_in_descriptors),
		UP(nothing_but_bad_frames_does_not_keep_the_loop),
		UP(descriptors_to_send_that_it_writes_to),
		UP(a_frame_that_it_cannot_send),
		UP(the_bus_says_no),
		UP(who_is_at_fault_all_the_time_is_given_up),
		UP(who_is_seldom_at_fault_is_not),
		UP(who_does_not_stop_keeps_its_packets),
		UP(babbling),
		UP(babbling_for_ever),
	};
	return cmocka_run_group_tests_name("gem: faults", tests, NULL, NULL);
}
