/* SPDX-License-Identifier: ISC */
/* Sending and receiving. */
#include "base/bytes.h"
#include "base/checksum.h"
#include "tests/unit/gem/rig.h"

/* It was at its end just when it was told that there is more. */
static void a_start_that_came_too_early_is_repeated(void **state)
{
	(void)state;
	gem_fake.forgets_start = true;
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	gem_fake.forgets_start = false;
	mac_fake_send(1);
	assert_int_equal(mac_fake.n_sent, 0);
	run_loop();
	mac_fake_send(1);
	assert_int_equal(mac_fake.n_sent, 1);
}

/* A frame whose transport begins at 34, with its checksum at 50, and payload in odd pieces. */
static struct pkt *ask_for_checksum(uint16_t ethertype, uint16_t pseudo_header)
{
	static const uint8_t odd[3] = {1, 2, 3}, rest[5] = {4, 5, 6, 7, 8};
	struct pkt *p = make_frame(55, 3);

	store_be16(p->data + 12, ethertype);
	csum_store(p->data + 50, pseudo_header);
	p->flags |= PKT_CSUM_PARTIAL;
	p->csum_start = 34;
	p->csum_offset = 16;
	assert_true(pkt_add_piece(p, (struct slice){.data = odd, .len = sizeof(odd)}));
	assert_true(pkt_add_piece(p, (struct slice){.data = rest, .len = sizeof(rest)}));
	return p;
}

static void checksums_over_ipv4_are_left_to_it(void **state)
{
	(void)state;
	assert_int_equal(netif_send(nif, ask_for_checksum(0x0800, 0x1234)), OK);
	netif_flush(nif);
	mac_fake_send(1);
	assert_int_equal(load_be16(mac_fake.sent[0].bytes + 50), 0);
}

static void checksums_over_ipv6_are_written(void **state)
{
	const struct mac_fake_frame *f = &mac_fake.sent[0];

	(void)state;
	assert_int_equal(netif_send(nif, ask_for_checksum(0x86dd, 0x1234)), OK);
	netif_flush(nif);
	mac_fake_send(1);
	assert_int_equal(f->len, 63);
	/* With the pseudo-header's sum all of it is all ones. */
	assert_int_equal(csum_partial(csum_add(0x1234, f->bytes + 34, f->len - 34)), 0xffff);
}

static void received_frames_are_lent_and_replaced(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		deliver(60 + i % 1400, (uint8_t)i);
		take_and_check(60 + i % 1400, (uint8_t)i);
	}
	assert_int_equal(nif->stats.rx_packets, 1000);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - RX_IN_RING);
}

static void a_frame_interrupts_once_until_it_was_taken(void **state)
{
	(void)state;
	rx_wakes = 0;
	deliver(60, 0);
	mac_fake_interrupt();
	deliver(60, 1);
	mac_fake_interrupt();
	assert_int_equal(rx_wakes, 1);
	take_and_check(60, 0);
	take_and_check(60, 1);
	run_loop();
	/* Just before the wait: it is seen. */
	deliver(60, 2);
	assert_true(netif_rx_arm(nif));
	take_and_check(60, 2);
}

/* QEMU's looks for a buffer again only when it is told to. */
static void it_goes_on_after_a_burst_that_it_had_no_buffers_for(void **state)
{
	uint8_t frame[60];
	unsigned n = 0;

	(void)state;
	fill_frame(frame, sizeof(frame), 0);
	while (mac_fake_receive(frame, sizeof(frame)))
		n++;
	assert_int_equal(n, RX_IN_RING);
	for (unsigned i = 0; i < n; i++)
		take_and_check(60, 0);
	run_loop();
	deliver(60, 1);
	take_and_check(60, 1);
	pass(PHY_UP_US);
	assert_int_equal(nif->stats.rx_dropped, 1);
}

static void frames_to_others_do_not_come(void **state)
{
	uint8_t frame[60] = {0x00, 0x0a, 0x35, 0x01, 0x02, 0x04};

	(void)state;
	assert_false(mac_fake_receive(frame, sizeof(frame)));
	memset(frame, 0xff, 6);
	assert_true(mac_fake_receive(frame, sizeof(frame)));
	memcpy(frame, "\x01\x00\x5e\x00\x00\x01", 6);
	assert_true(mac_fake_receive(frame, sizeof(frame)));
}

static void run_loop_after_frames(void)
{
	struct pkt *p;

	while ((p = netif_recv(nif)) != NULL)
		pkt_put(p);
}

static bool comes(const char *group)
{
	uint8_t frame[60] = {0};

	memcpy(frame, group, 6);
	return mac_fake_receive(frame, sizeof(frame));
}

/* From the first that is wanted on no others, but those of the same hash; counted, so that one of
 * two who leaves takes nothing from the other. It survives the controller's being set up anew. */
static void groups_that_are_wanted(void **state)
{
	static const uint8_t mdns[6] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb};
	static const uint8_t same[6] = {0x01, 0x00, 0x5e, 0x00, 0x00 ^ 0x10, 0xfb ^ 0x04};

	(void)state;
	nif->filter(nif, mdns, true);
	assert_true(comes((const char *)mdns));
	assert_false(comes("\x01\x00\x5e\x00\x00\x01"));
	assert_true(comes("\xff\xff\xff\xff\xff\xff"));
	nif->filter(nif, same, true);
	nif->filter(nif, same, false);
	assert_true(comes((const char *)mdns));
	gem_fake.regs[GEM_RX_STATUS / 4] = GEM_RX_STATUS_FAULTS;
	run_loop_after_frames();
	assert_int_equal(nif->stats.resets, 1);
	assert_true(comes((const char *)mdns));
	assert_false(comes("\x01\x00\x5e\x00\x00\x01"));
	nif->filter(nif, mdns, false);
	assert_false(comes((const char *)mdns));
}

static void checksums_that_it_has_checked(void **state)
{
	const uint32_t whole = GEM_RX_FIRST | GEM_RX_LAST | 60;
	uint8_t frame[60];

	(void)state;
	fill_frame(frame, sizeof(frame), 0);
	for (unsigned said = 0; said < 4; said++) { /* none, IP, with TCP, with UDP */
		assert_true(gem_fake_receive_as(frame, sizeof(frame), whole | said << 22));
		struct pkt *p = netif_recv(nif);

		assert_non_null(p);
		assert_int_equal((p->flags & PKT_CSUM_OK) != 0, said >= 2);
		pkt_put(p);
	}
}

int run_frame_tests(void)
{
	const struct CMUnitTest tests[] = {
		UP(a_frame_goes_out_as_it_is),
		UP(pieces_are_gathered),
		UP(a_full_ring_refuses_and_wakes),
		UP(what_was_sent_is_not_kept_for_ever),
		UP(a_start_that_came_too_early_is_repeated),
		UP(what_is_no_frame_is_refused),
		UP(checksums_over_ipv4_are_left_to_it),
		UP(checksums_over_ipv6_are_written),
		UP(received_frames_are_lent_and_replaced),
		UP(a_frame_interrupts_once_until_it_was_taken),
		UP(it_goes_on_after_a_burst_that_it_had_no_buffers_for),
		UP(without_a_fresh_packet_the_frame_is_dropped),
		UP(frames_to_others_do_not_come),
		UP(groups_that_are_wanted),
		UP(checksums_that_it_has_checked),
	};
	return cmocka_run_group_tests_name("gem: frames", tests, NULL, NULL);
}
