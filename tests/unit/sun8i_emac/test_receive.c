/* SPDX-License-Identifier: ISC */
/* Receiving. */
#include "tests/unit/sun8i_emac/rig.h"

static const uint32_t whole = EMAC_RX_FIRST | EMAC_RX_LAST;

/* Having found it elsewhere, the driver asks for another round of the loop. */
static void take_found(uint32_t len, uint8_t seed)
{
	struct pkt *p = netif_recv(nif);

	if (p == NULL) {
		assert_true(netif_rx_arm(nif));
		p = netif_recv(nif);
	}
	assert_non_null(p);
	assert_int_equal(p->len, len);
	check_frame(p->data, len, seed);
	pkt_put(p);
}

/* Fills the ring, takes all, and sees that it goes on; begun so far into the ring. */
static void fill_and_go_on(unsigned begun)
{
	uint8_t frame[60] = {0};
	unsigned n = 0;

	for (unsigned i = 0; i < begun; i++) {
		deliver(60, 0);
		take_and_check(60, 0);
	}
	run_loop();
	while (mac_fake_receive(frame, sizeof(frame)))
		n++;
	assert_int_equal(n, SUN8I_EMAC_RX_RING);
	assert_false(mac_fake_receive(frame, sizeof(frame)));
	for (unsigned i = 0; i < n; i++)
		pkt_put(netif_recv(nif));
	run_loop();
	for (unsigned i = 0; i < 3 * SUN8I_EMAC_RX_RING; i++) {
		deliver(60, (uint8_t)i);
		rx_wakes = 0;
		mac_fake_interrupt();
		assert_int_equal(rx_wakes, 1);
		take_found(60, (uint8_t)i);
		run_loop();
	}
}

static void a_full_ring_stands_still_and_goes_on(void **state)
{
	(void)state;
	fill_and_go_on(0);
	fill_and_go_on(17);
}

static void one_that_goes_on_elsewhere_is_followed(void **state)
{
	(void)state;
	sun8i_emac_fake.jumps = true;
	fill_and_go_on(17);
	fill_and_go_on(0);
	fill_and_go_on(SUN8I_EMAC_RX_RING - 1);
}

static void one_that_forgets_where_it_was_is_told(void **state)
{
	(void)state;
	sun8i_emac_fake.forgets = true;
	fill_and_go_on(0);
	fill_and_go_on(17);
}

static void what_is_no_frame_is_dropped_and_counted(void **state)
{
	static const struct {
		uint32_t status, errors, dropped;
	} all[] = {
		{64u << 16, 1, 0},                                /* neither first nor last */
		{64u << 16 | EMAC_RX_FIRST, 1, 0},                /* longer than a buffer */
		{64u << 16 | EMAC_RX_LAST, 1, 0},                 /* the rest of that */
		{64u << 16 | whole | 0x0002, 1, 0},               /* FCS */
		{64u << 16 | whole | 0x0800, 1, 0},               /* overflow */
		{64u << 16 | whole | 0x4000, 1, 0},               /* no buffer */
		{0u << 16 | whole, 1, 0},                         /* nothing */
		{3u << 16 | whole, 1, 0},                         /* less than its FCS */
		{17u << 16 | whole, 1, 0},                        /* less than a header */
		{(SUN8I_EMAC_RX_BYTES + 1u) << 16 | whole, 1, 0}, /* more than there is room for */
		{0x3fffu << 16 | whole, 1, 0},
		{1523u << 16 | whole, 0, 1}, /* too long for Ethernet */
	};
	uint8_t frame[64] = {0};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
		nif->stats.rx_errors = nif->stats.rx_dropped = 0;
		assert_true(sun8i_emac_fake_receive_as(frame, sizeof(frame), all[i].status));
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.rx_errors, all[i].errors);
		assert_int_equal(nif->stats.rx_dropped, all[i].dropped);
		deliver(60, (uint8_t)i);
		take_and_check(60, (uint8_t)i);
	}
	assert_int_equal(nif->stats.resets, 0);
}

static void the_longest_frames(void **state)
{
	(void)state;
	deliver(1518, 1); /* with a VLAN's tag */
	take_and_check(1518, 1);
	deliver(14, 2);
	take_and_check(14, 2);
}

/* Nobody else has his turn while bad ones come. */
static void a_flood_of_bad_frames_has_pauses(void **state)
{
	uint8_t frame[64] = {0};

	(void)state;
	for (unsigned i = 0; i < SUN8I_EMAC_RX_RING; i++)
		assert_true(sun8i_emac_fake_receive_as(frame, sizeof(frame), 0));
	assert_null(netif_recv(nif));
	assert_in_range(nif->stats.rx_errors, 1, SUN8I_EMAC_RX_RING / 2);
	assert_true(netif_rx_arm(nif));
	works();
	assert_int_equal(nif->stats.rx_errors, SUN8I_EMAC_RX_RING);
}

int run_receive_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(frames_come_up_in_their_order),
		UP(many_frames),
		UP(an_interrupt_wakes_once),
		UP(a_frame_just_before_the_wait_is_seen),
		UP(a_full_ring_stands_still_and_goes_on),
		UP(one_that_goes_on_elsewhere_is_followed),
		UP(one_that_forgets_where_it_was_is_told),
		UP(without_a_fresh_packet_the_frame_is_dropped),
		UP(what_is_no_frame_is_dropped_and_counted),
		UP(the_longest_frames),
		UP(a_flood_of_bad_frames_has_pauses),
	};
	return cmocka_run_group_tests_name("sun8i_emac: receive", tests, NULL, NULL);
}
