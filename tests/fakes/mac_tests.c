/* SPDX-License-Identifier: ISC */
/* What holds for each Ethernet controller with rings. */
#include "tests/fakes/mac_rig.h"

static unsigned taken_of(const struct pkt_pool *pool)
{
	return (unsigned)(pool->pool.count - pool_available(&pool->pool));
}

/* --- sending --------------------------------------------------------------------------------- */

void a_frame_goes_out_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(netif_send(nif, make_frame(60, 9)), OK);
	mac_fake_send(1);
	assert_int_equal(mac_fake.n_sent, 0); /* it is told of a batch only */
	netif_flush(nif);
	mac_fake_send(1);
	assert_int_equal(mac_fake.n_sent, 1);
	assert_int_equal(mac_fake.sent[0].len, 60);
	check_frame(mac_fake.sent[0].bytes, 60, 9);
	assert_null(netif_recv(nif));
	assert_int_equal(taken_of(&tx_pool), 0);
	assert_int_equal(nif->stats.tx_packets, 1);
	assert_int_equal(nif->stats.tx_bytes, 60);
}

/* Through the ring several times, with frames across its end. */
void pieces_are_gathered(void **state)
{
	enum { BYTES = PKT_PIECES_MAX * 101 + 54 };
	static uint8_t *payload; /* at odd addresses, as those of files are */

	(void)state;
	if (payload == NULL)
		payload = mac_fake_memory(BYTES);
	for (unsigned round = 0; round < 100; round++) {
		struct pkt *p = pkt_alloc(&tx_pool, PKT_HEADROOM);

		fill_frame(payload, BYTES, (uint8_t)round);
		memcpy(pkt_append(p, 54), payload, 54);
		for (unsigned i = 0; i < PKT_PIECES_MAX; i++)
			assert_true(pkt_add_piece(
				p, (struct slice){.data = payload + 54 + 101 * i, .len = 101}));
		assert_int_equal(netif_send(nif, p), OK);
		netif_flush(nif);
		mac_fake_send(1);
		run_loop();
		assert_int_equal(mac_fake.sent[round].pieces, 1 + PKT_PIECES_MAX);
		assert_int_equal(mac_fake.sent[round].len, BYTES);
		check_frame(mac_fake.sent[round].bytes, BYTES, (uint8_t)round);
	}
	assert_int_equal(taken_of(&tx_pool), 0);
}

/* Past the end of the ring several times, and of the 16 bits of indices that begin near it. */
void many_in_batches(void **state)
{
	unsigned sent = 0;

	(void)state;
	for (unsigned batch = 0; batch < 60; batch++) {
		for (unsigned i = 0; i < 10; i++)
			assert_int_equal(
				netif_send(nif, make_frame(60 + batch, (uint8_t)(sent + i))), OK);
		netif_flush(nif);
		mac_fake_send(10);
		run_loop();
		for (unsigned i = 0; i < 10; i++, sent++) {
			const struct mac_fake_frame *f = &mac_fake.sent[sent];

			assert_int_equal(f->len, 60 + batch);
			check_frame(f->bytes, f->len, (uint8_t)sent);
		}
	}
	assert_int_equal(mac_fake.n_sent, 600);
	assert_int_equal(taken_of(&tx_pool), 0);
}

void a_full_ring_refuses_and_wakes(void **state)
{
	unsigned n = 0;
	struct pkt *p;

	(void)state;
	for (; (p = make_frame(60, 0)) != NULL && netif_send(nif, p) == OK; n++)
		;
	pkt_put(p);
	assert_int_equal(n, tx_ring - 1);
	assert_int_equal(nif->stats.tx_full, 1);
	run_loop();
	assert_int_equal(tx_wakes, 0);
	/* One that is sent is no room worth a wake-up; half of the ring is. */
	mac_fake_send(1);
	mac_fake_interrupt();
	run_loop();
	assert_int_equal(tx_wakes, 0);
	mac_fake_send(tx_ring / 2);
	mac_fake_interrupt();
	run_loop();
	assert_int_equal(tx_wakes, 1);
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
}

void what_was_sent_is_not_kept_for_ever(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	run_loop();
	mac_fake_send(20);
	rx_wakes = 0;
	mac_fake_interrupt();
	assert_int_equal(rx_wakes, 1);
	run_loop();
	assert_int_equal(taken_of(&tx_pool), 0);
}

void what_is_no_frame_is_refused(void **state)
{
	struct pkt *shorter = make_frame(13, 0), *longer = make_frame(1519, 0);

	(void)state;
	assert_int_equal(netif_send(nif, shorter), ERR_INVALID);
	assert_int_equal(netif_send(nif, longer), ERR_INVALID);
	assert_int_equal(nif->stats.tx_errors, 2);
	pkt_put(shorter);
	pkt_put(longer);
	assert_int_equal(netif_send(nif, make_frame(1518, 0)), OK);
}

/* --- receiving ------------------------------------------------------------------------------- */

void frames_come_up_in_their_order(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++)
		deliver(60 + i, (uint8_t)i);
	for (unsigned i = 0; i < 20; i++)
		take_and_check(60 + i, (uint8_t)i);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_packets, 20);
	assert_int_equal(nif->stats.rx_errors + nif->stats.rx_dropped, 0);
}

/* Buffers wander through the whole ring, and indices past their end. */
void many_frames(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		for (unsigned j = 0; j < 3; j++)
			deliver(1514, (uint8_t)(i + j));
		for (unsigned j = 0; j < 3; j++)
			take_and_check(1514, (uint8_t)(i + j));
		run_loop();
	}
	assert_int_equal(nif->stats.rx_bytes, 3000 * 1514);
}

void an_interrupt_wakes_once(void **state)
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
	deliver(60, 2);
	mac_fake_interrupt();
	assert_int_equal(rx_wakes, 2);
	take_and_check(60, 2);
	run_loop();
	mac_fake_interrupt(); /* there is nothing new */
	assert_int_equal(rx_wakes, 2);
}

void a_frame_just_before_the_wait_is_seen(void **state)
{
	(void)state;
	assert_null(netif_recv(nif));
	deliver(60, 0);
	assert_true(netif_rx_arm(nif));
	take_and_check(60, 0);
}

void without_a_fresh_packet_the_frame_is_dropped(void **state)
{
	struct pkt *held[RIG_PACKETS_MAX];
	unsigned n = 0;

	(void)state;
	while ((held[n] = pkt_alloc(&rx_pool, 0)) != NULL)
		n++;
	deliver(60, 0);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_dropped, 1);
	while (n > 0)
		pkt_put(held[--n]);
	deliver(60, 1);
	take_and_check(60, 1);
}

/* --- faults ---------------------------------------------------------------------------------- */

/* It may still write to its packets: nobody else gets them. */
void who_does_not_stop_keeps_its_packets(void **state)
{
	uint64_t before = mac_fake.now_us;
	unsigned in_ring = taken_of(&rx_pool);

	(void)state;
	send_frame_of(60, 0);
	mac_fake.never_stops = true;
	netif_stop(nif);
	assert_in_range(mac_fake.now_us - before, 0, halt_us_max);
	assert_string_equal(fake_log_last, "net0: does not stop");
	assert_int_equal(taken_of(&rx_pool), in_ring);
	assert_int_equal(taken_of(&tx_pool), 1);
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
	assert_int_equal(taken_of(&rx_pool), in_ring);
	mac_fake.never_stops = false;
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(taken_of(&tx_pool), 0);
	works();
}

/* The processor would do nothing else: the line is turned off. */
void babbling(void **state)
{
	(void)state;
	mac_fake.babbles = true;
	rx_wakes = 0;
	for (unsigned i = 0; i < 10 * MAC_STRAYS_MAX; i++)
		mac_fake_interrupt();
	assert_in_range(mac_fake.interrupts, MAC_STRAYS_MAX, MAC_STRAYS_MAX + 10);
	assert_false(mac_fake.line_enabled);
	assert_int_not_equal(rx_wakes, 0);
	mac_fake.babbles = false;
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
	assert_true(mac_fake.line_enabled);
	works();
}

void babbling_for_ever(void **state)
{
	(void)state;
	mac_fake.babbles = true;
	for (unsigned i = 0; i < 10; i++) {
		for (unsigned j = 0; j < 10 * MAC_STRAYS_MAX; j++)
			mac_fake_interrupt();
		assert_null(netif_recv(nif));
	}
	is_given_up();
}
