/* SPDX-License-Identifier: ISC */
/* A controller that lies, that does not stop, that does not stop interrupting. */
#include "tests/unit/gem/rig.h"

static void set(uint32_t offset, uint32_t value)
{
	gem_fake.regs[offset / 4] = value;
}

static void works_again(void)
{
	run_loop();
	pass(PHY_UP_US + PHY_DOWN_US);
	assert_true(nif->link_up);
	deliver(99, 4);
	take_and_check(99, 4);
	assert_int_equal(netif_send(nif, make_frame(77, 8)), OK);
	netif_flush(nif);
	gem_fake.n_sent = 0;
	gem_fake_send(1);
	assert_int_equal(gem_fake.n_sent, 1);
	check_pattern(gem_fake.sent[0].bytes, 77, 8);
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
	works_again();
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
	works_again();
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
		works_again();
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
	works_again();
}

static void who_is_at_fault_all_the_time_is_given_up(void **state)
{
	struct pkt *p;

	(void)state;
	for (unsigned i = 0; i <= MAC_RESETS_MAX; i++) {
		set(GEM_RX_STATUS, GEM_RX_STATUS_FAULTS);
		rx_wakes = tx_wakes = 0;
		assert_null(netif_recv(nif));
		assert_int_not_equal(rx_wakes, 0);
		assert_int_not_equal(tx_wakes, 0);
	}
	assert_int_equal(nif->stats.resets, MAC_RESETS_MAX);
	assert_string_equal(fake_log_last, "net0: given up");
	assert_false(nif->link_up);
	p = make_frame(60, 0);
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
	assert_null(netif_recv(nif));
	assert_false(netif_rx_arm(nif));
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
	assert_false(gem_fake.line_enabled);
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
	works_again();
}

/* It may still write to its packets: nobody else gets them. */
static void who_does_not_stop_keeps_its_packets(void **state)
{
	uint64_t before = gem_fake.now_us;

	(void)state;
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	gem_fake.never_stops = true;
	netif_stop(nif);
	assert_in_range(gem_fake.now_us - before, 0, 20000);
	assert_string_equal(fake_log_last, "net0: does not stop");
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS - 1);
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
	gem_fake.never_stops = false;
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	works_again();
}

/* The processor would do nothing else: the line is turned off. */
static void babbling(void **state)
{
	(void)state;
	gem_fake.babbles = true;
	rx_wakes = 0;
	for (unsigned i = 0; i < 10 * MAC_STRAYS_MAX; i++)
		gem_fake_interrupt();
	assert_in_range(gem_fake.interrupts, MAC_STRAYS_MAX, MAC_STRAYS_MAX + 10);
	assert_false(gem_fake.line_enabled);
	assert_int_not_equal(rx_wakes, 0);
	gem_fake.babbles = false;
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
	assert_true(gem_fake.line_enabled);
	works_again();
}

static void babbling_for_ever(void **state)
{
	(void)state;
	gem_fake.babbles = true;
	for (unsigned i = 0; i < 10; i++) {
		for (unsigned j = 0; j < 10 * MAC_STRAYS_MAX; j++)
			gem_fake_interrupt();
		assert_null(netif_recv(nif));
	}
	assert_string_equal(fake_log_last, "net0: given up");
	assert_false(gem_fake.line_enabled);
}

int run_fault_tests(void)
{
#define UP(name) cmocka_unit_test_setup_teardown(name, bring_up, stop_and_count)
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
