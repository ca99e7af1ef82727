/* SPDX-License-Identifier: ISC */
/*
 * The driver of the LAN9118 over a fake of its registers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/net/lan9118/lan9118.h"
#include "drivers/net/lan9118/lan9118_regs.h"
#include "tests/fakes/lan9118_fake.h"

enum { LINE = 13, PACKETS = 4, POLLS_BOUND = 4000000 };

static struct lan9118_fake *const fake = &lan9118_fake;
static struct lan9118 driver;
static struct netif *nif;
static struct irq_line lines[32];
static struct pkt_pool pool;
static _Alignas(64) uint8_t memory[PKT_POOL_BYTES(PACKETS, 2048)];
static unsigned rx_wakes, tx_wakes;
static uint8_t frame[1514];

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	(void)line;
	(void)trigger;
	return OK;
}

static void disable(struct irq_chip *chip, uint32_t line)
{
	(void)chip;
	(void)line;
}

static const struct irq_chip_ops chip_ops = {.enable = enable, .disable = disable};
static struct irq_chip chip = {.ops = &chip_ops, .lines = lines, .n_lines = 32};

static void count(void *arg)
{
	(*(unsigned *)arg)++;
}

static int setup(void **state)
{
	(void)state;
	memset(lines, 0, sizeof(lines));
	rx_wakes = tx_wakes = 0;
	for (size_t i = 0; i < sizeof(frame); i++)
		frame[i] = (uint8_t)(i * 7 + 1);
	lan9118_fake_init();
	pkt_pool_init(&pool, memory, PACKETS, 2048);
	nif = lan9118_init(&driver, LAN9118_FAKE_BASE, &chip, LINE, &pool, "net0");
	nif->rx = (struct waker){.wake = count, .arg = &rx_wakes};
	nif->tx = (struct waker){.wake = count, .arg = &tx_wakes};
	return 0;
}

static int started(void **state)
{
	setup(state);
	assert_int_equal(netif_start(nif), OK);
	return 0;
}

/* What the line does while it is active; a device that is not silenced would hang the machine. */
static void take_interrupt(void)
{
	assert_true(lan9118_fake_interrupts());
	lines[LINE].handler(lines[LINE].arg);
	assert_false(lan9118_fake_interrupts());
}

/* Frees the packet. */
static void expect_frame(const void *bytes, size_t len)
{
	struct pkt *p = netif_recv(nif);

	assert_non_null(p);
	assert_int_equal(p->len, len);
	assert_memory_equal(p->data, bytes, len);
	/* What follows the Ethernet header is aligned to words. */
	assert_int_equal((uintptr_t)(p->data + 14) % 4, 0);
	/* For what a device may put in front of a frame; what answers has the headers' room. */
	assert_true((size_t)(p->data - p->buf) >= 12);
	pkt_put(p);
}

/* --- start ----------------------------------------------------------------------------------- */

static void starts_with_its_address_and_link(void **state)
{
	(void)state;
	assert_memory_equal(nif->mac, fake->mac, 6);
	assert_true(nif->link_up);
	assert_int_equal(fake->mac_cr, LAN9118_MAC_CR_RX | LAN9118_MAC_CR_TX |
					       LAN9118_MAC_CR_MULTICAST | LAN9118_MAC_CR_DUPLEX);
	assert_false(lan9118_fake_interrupts());
}

static void one_without_an_address_gets_one_of_its_own(void **state)
{
	(void)state;
	memset(fake->mac, 0, 6);
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(nif->mac[0] & 3, 2); /* a station's, administered locally */
}

static void what_is_not_there_or_hangs_is_an_error_soon(void **state)
{
	bool *const knobs[] = {&fake->absent, &fake->reset_hangs, &fake->mac_hangs,
			       &fake->phy_hangs};
	const enum err errors[] = {ERR_NODEV, ERR_TIMEOUT, ERR_TIMEOUT, ERR_TIMEOUT};

	for (unsigned i = 0; i < 4; i++) {
		setup(state);
		*knobs[i] = true;
		assert_int_equal(netif_start(nif), errors[i]);
		assert_true(fake->reads < POLLS_BOUND);
		assert_null(netif_recv(nif));
		assert_false(netif_rx_arm(nif));
	}
}

/* --- sending --------------------------------------------------------------------------------- */

static void sends_frames_of_every_length_and_frees_them(void **state)
{
	(void)state;
	for (uint32_t len = 14; len <= 1514; len += 1 + len / 100) {
		struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM + len % 7 % 4); /* anywhere */
		memcpy(pkt_append(p, len), frame, len);
		assert_int_equal(netif_send(nif, p), OK);
		assert_int_equal(fake->sent_bytes, len);
		assert_memory_equal(fake->sent, frame, len);
	}
	assert_int_equal(pool.pool.used, 0);
}

static void puts_pieces_together(void **state)
{
	const size_t cuts[] = {14, 17, 18, 19, 54, 55, 119, 400};

	(void)state;
	for (unsigned shift = 0; shift < 4; shift++) {
		struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM);
		size_t at = cuts[0] + shift;

		memcpy(pkt_append(p, (uint32_t)at), frame, at);
		for (unsigned i = 1; i < 8; i++) {
			size_t end = cuts[i] + shift;
			assert_true(pkt_add_piece(
				p, (struct slice){.data = frame + at, .len = end - at}));
			at = end;
		}
		assert_int_equal(netif_send(nif, p), OK);
		assert_int_equal(fake->sent_bytes, at);
		assert_memory_equal(fake->sent, frame, at);
	}
}

static void refuses_what_is_no_frame(void **state)
{
	struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM);

	(void)state;
	memcpy(pkt_append(p, 13), frame, 13);
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	memcpy(pkt_append(p, 1502), frame, 1502);
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	assert_int_equal(fake->n_sent, 0);
	pkt_put(p);
}

static void a_full_fifo_tells_when_it_has_room(void **state)
{
	struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM);

	(void)state;
	memcpy(pkt_append(p, 100), frame, 100);
	fake->tx_room = 107;
	assert_int_equal(netif_send(nif, p), ERR_AGAIN);
	assert_int_equal(nif->stats.tx_full, 1);
	fake->tx_room = 108;
	fake->int_status |= LAN9118_INT_TX_ROOM;
	take_interrupt();
	assert_int_equal(tx_wakes, 1);
	assert_int_equal(netif_send(nif, p), OK);
}

/* --- receiving ------------------------------------------------------------------------------- */

static void a_frame_interrupts_once_and_is_read(void **state)
{
	(void)state;
	assert_true(lan9118_fake_receive(frame, 60, 0));
	take_interrupt();
	assert_int_equal(rx_wakes, 1);
	assert_true(lan9118_fake_receive(frame, 1514, 0));
	assert_false(lan9118_fake_interrupts());
	expect_frame(frame, 60);
	expect_frame(frame, 1514);
	assert_null(netif_recv(nif));
	assert_false(netif_rx_arm(nif));
	assert_int_equal(nif->stats.rx_packets, 2);
	assert_int_equal(nif->stats.rx_bytes, 1574);
}

static void what_came_before_it_is_armed_is_told(void **state)
{
	(void)state;
	assert_true(lan9118_fake_receive(frame, 60, 0));
	take_interrupt();
	expect_frame(frame, 60);
	assert_null(netif_recv(nif));
	assert_true(lan9118_fake_receive(frame, 60, 0));
	assert_true(netif_rx_arm(nif));
	expect_frame(frame, 60);
	assert_false(netif_rx_arm(nif));
	assert_true(lan9118_fake_receive(frame, 60, 0));
	take_interrupt();
}

static void damaged_frames_are_counted_and_passed_over(void **state)
{
	(void)state;
	assert_true(lan9118_fake_receive(frame, 60, LAN9118_RX_STATUS_BAD));
	assert_true(lan9118_fake_receive(frame, 9, 0));    /* no room for a header */
	assert_true(lan9118_fake_receive(frame, 0, 0));    /* three words: read, not skipped */
	assert_true(lan9118_fake_receive(frame, 1514, 0)); /* and a good one */
	expect_frame(frame, 1514);
	assert_int_equal(nif->stats.rx_errors, 3);
	assert_int_equal(nif->stats.resets, 0);
}

/* They come as fast as they are thrown away: the rest of the image has its turn all the same. */
static void damaged_frames_without_end_do_not_stop_everything(void **state)
{
	(void)state;
	assert_true(lan9118_fake_receive(frame, 60, LAN9118_RX_STATUS_BAD));
	fake->again = 10000;
	assert_null(netif_recv(nif));
	assert_in_range(nif->stats.rx_errors, 1, 256);
	assert_true(netif_rx_arm(nif)); /* there are more */
	while (fake->again > 0)
		assert_null(netif_recv(nif));
	assert_true(lan9118_fake_receive(frame, 1514, 0));
	expect_frame(frame, 1514);
	assert_int_equal(nif->stats.rx_errors, 10001);
	assert_int_equal(nif->stats.resets, 0);
}

static void too_long_ones_are_dropped(void **state)
{
	uint8_t giant[1600] = {0};

	(void)state;
	assert_true(lan9118_fake_receive(giant, 1515, 0));
	assert_true(lan9118_fake_receive(giant, sizeof(giant), 0));
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_errors, 2);
	assert_int_equal(fake->discarded, 2);
}

static void without_packets_frames_are_dropped_and_counted(void **state)
{
	struct pkt *held[PACKETS];

	(void)state;
	for (unsigned i = 0; i < PACKETS; i++)
		held[i] = pkt_alloc(&pool, 0);
	assert_true(lan9118_fake_receive(frame, 60, 0));
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_dropped, 1);
	for (unsigned i = 0; i < PACKETS; i++)
		pkt_put(held[i]);
	assert_true(lan9118_fake_receive(frame, 60, 0));
	expect_frame(frame, 60);
}

/* --- what goes wrong ------------------------------------------------------------------------- */

static void one_that_lies_of_a_length_is_reset(void **state)
{
	(void)state;
	fake->extra_bytes = 64;
	assert_true(lan9118_fake_receive(frame, 60, 0));
	fake->extra_bytes = 0;
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
	assert_int_equal(fake->resets, 2);
	assert_true(lan9118_fake_receive(frame, 60, 0));
	take_interrupt();
	expect_frame(frame, 60);
}

static void one_that_goes_on_lying_is_given_up(void **state)
{
	struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM);

	(void)state;
	fake->extra_bytes = 64;
	for (unsigned i = 0; i <= LAN9118_RESETS_MAX; i++) {
		assert_true(lan9118_fake_receive(frame, 60, 0));
		assert_null(netif_recv(nif));
	}
	assert_false(nif->link_up);
	assert_false(lan9118_fake_interrupts());
	memcpy(pkt_append(p, 60), frame, 60);
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
	assert_null(netif_recv(nif));
}

static void one_that_does_not_discard_is_reset(void **state)
{
	(void)state;
	fake->discard_hangs = true;
	assert_true(lan9118_fake_receive(frame, 60, LAN9118_RX_STATUS_BAD));
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
}

/* --- the link -------------------------------------------------------------------------------- */

static void the_link_goes_and_comes(void **state)
{
	(void)state;
	lan9118_fake_set_link(false);
	take_interrupt();
	assert_int_equal(rx_wakes, 1);
	assert_null(netif_recv(nif));
	assert_false(nif->link_up);
	assert_false(netif_rx_arm(nif));
	fake->partner = LAN9118_PHY_ABILITY_100;
	lan9118_fake_set_link(true);
	take_interrupt();
	assert_null(netif_recv(nif));
	assert_true(nif->link_up);
	assert_int_equal(fake->mac_cr & LAN9118_MAC_CR_DUPLEX, 0);
}

static void a_phy_that_stops_answering_is_reset(void **state)
{
	(void)state;
	lan9118_fake_set_link(false);
	take_interrupt();
	fake->phy_hangs = true;
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
	assert_false(nif->link_up);
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
}

static void stops_and_starts_again(void **state)
{
	(void)state;
	netif_stop(nif);
	assert_false(nif->link_up);
	assert_null(lines[LINE].handler);
	assert_false(lan9118_fake_receive(frame, 60, 0));
	assert_int_equal(netif_start(nif), OK);
	assert_true(lan9118_fake_receive(frame, 60, 0));
	take_interrupt();
	expect_frame(frame, 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(starts_with_its_address_and_link, started),
		cmocka_unit_test_setup(one_without_an_address_gets_one_of_its_own, setup),
		cmocka_unit_test_setup(what_is_not_there_or_hangs_is_an_error_soon, setup),
		cmocka_unit_test_setup(sends_frames_of_every_length_and_frees_them, started),
		cmocka_unit_test_setup(puts_pieces_together, started),
		cmocka_unit_test_setup(refuses_what_is_no_frame, started),
		cmocka_unit_test_setup(a_full_fifo_tells_when_it_has_room, started),
		cmocka_unit_test_setup(a_frame_interrupts_once_and_is_read, started),
		cmocka_unit_test_setup(what_came_before_it_is_armed_is_told, started),
		cmocka_unit_test_setup(damaged_frames_are_counted_and_passed_over, started),
		cmocka_unit_test_setup(damaged_frames_without_end_do_not_stop_everything, started),
		cmocka_unit_test_setup(too_long_ones_are_dropped, started),
		cmocka_unit_test_setup(without_packets_frames_are_dropped_and_counted, started),
		cmocka_unit_test_setup(one_that_lies_of_a_length_is_reset, started),
		cmocka_unit_test_setup(one_that_goes_on_lying_is_given_up, started),
		cmocka_unit_test_setup(one_that_does_not_discard_is_reset, started),
		cmocka_unit_test_setup(the_link_goes_and_comes, started),
		cmocka_unit_test_setup(a_phy_that_stops_answering_is_reset, started),
		cmocka_unit_test_setup(stops_and_starts_again, started),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
