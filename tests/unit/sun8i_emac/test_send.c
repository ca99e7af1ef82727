/* SPDX-License-Identifier: ISC */
/* Sending. */
#include "tests/unit/sun8i_emac/rig.h"

static void a_frame_goes_out_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(netif_send(nif, make_frame(60, 9)), OK);
	sun8i_emac_fake_send(1);
	assert_int_equal(sun8i_emac_fake.n_sent, 0); /* it is told of a batch only */
	netif_flush(nif);
	sun8i_emac_fake_send(1);
	assert_int_equal(sun8i_emac_fake.n_sent, 1);
	assert_int_equal(sun8i_emac_fake.sent[0].len, 60);
	check_pattern(sun8i_emac_fake.sent[0].bytes, 60, 9);
	assert_null(netif_recv(nif));
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	assert_int_equal(nif->stats.tx_packets, 1);
	assert_int_equal(nif->stats.tx_bytes, 60);
}

static void pieces_are_gathered(void **state)
{
	enum { BYTES = PKT_PIECES_MAX * 101 + 54 };
	static uint8_t *payload; /* at odd addresses, as those of files are */
	struct pkt *p;

	(void)state;
	if (payload == NULL)
		payload = sun8i_emac_fake_memory(BYTES);
	for (unsigned round = 0; round < 20; round++) {
		fill_pattern(payload, BYTES, (uint8_t)round);
		p = pkt_alloc(&tx_pool, PKT_HEADROOM);
		memcpy(pkt_append(p, 54), payload, 54);
		for (unsigned i = 0; i < PKT_PIECES_MAX; i++)
			assert_true(pkt_add_piece(
				p, (struct slice){.data = payload + 54 + 101 * i, .len = 101}));
		assert_int_equal(netif_send(nif, p), OK);
		netif_flush(nif);
		sun8i_emac_fake_send(1);
		assert_int_equal(sun8i_emac_fake.sent[round].pieces, 1 + PKT_PIECES_MAX);
		assert_int_equal(sun8i_emac_fake.sent[round].len, BYTES);
		check_pattern(sun8i_emac_fake.sent[round].bytes, BYTES, (uint8_t)round);
		run_loop();
	}
}

/* Past the end of the ring several times. */
static void many_in_batches(void **state)
{
	unsigned sent = 0;

	(void)state;
	for (unsigned batch = 0; batch < 60; batch++) {
		for (unsigned i = 0; i < 10; i++)
			assert_int_equal(
				netif_send(nif, make_frame(60 + batch, (uint8_t)(sent + i))), OK);
		netif_flush(nif);
		sun8i_emac_fake_send(10);
		run_loop();
		for (unsigned i = 0; i < 10; i++, sent++) {
			const struct sun8i_emac_fake_frame *f = &sun8i_emac_fake.sent[sent];

			assert_int_equal(f->len, 60 + batch);
			check_pattern(f->bytes, f->len, (uint8_t)sent);
		}
	}
	assert_int_equal(sun8i_emac_fake.n_sent, 600);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
}

static void a_full_ring_refuses_and_wakes(void **state)
{
	unsigned n = 0;
	struct pkt *p;

	(void)state;
	for (; (p = make_frame(60, 0)) != NULL && netif_send(nif, p) == OK; n++)
		;
	pkt_put(p);
	assert_int_equal(n, SUN8I_EMAC_TX_RING - 1);
	assert_int_equal(nif->stats.tx_full, 1);
	run_loop();
	assert_int_equal(tx_wakes, 0);
	/* One that is sent is no room worth a wake-up; half of the ring is. */
	sun8i_emac_fake_send(1);
	sun8i_emac_fake_interrupt();
	run_loop();
	assert_int_equal(tx_wakes, 0);
	sun8i_emac_fake_send(SUN8I_EMAC_TX_RING / 2);
	sun8i_emac_fake_interrupt();
	run_loop();
	assert_int_equal(tx_wakes, 1);
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
}

static void what_was_sent_is_not_kept_for_ever(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	run_loop();
	sun8i_emac_fake_send(20);
	rx_wakes = 0;
	sun8i_emac_fake_interrupt();
	assert_int_equal(rx_wakes, 1);
	run_loop();
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
}

static void what_is_no_frame_is_refused(void **state)
{
	struct pkt *shorter = make_frame(13, 0), *longer = make_frame(1519, 0);

	(void)state;
	assert_int_equal(netif_send(nif, shorter), ERR_INVALID);
	assert_int_equal(netif_send(nif, longer), ERR_INVALID);
	pkt_put(shorter);
	pkt_put(longer);
	assert_int_equal(nif->stats.tx_errors, 2);
}

static void what_it_could_not_send_is_counted(void **state)
{
	(void)state;
	sun8i_emac_fake.tx_status = 0x100; /* sixteen collisions */
	assert_int_equal(netif_send(nif, make_frame(60, 0)), OK);
	netif_flush(nif);
	sun8i_emac_fake_send(1);
	run_loop();
	assert_int_equal(nif->stats.tx_errors, 1);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
}

int run_send_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_frame_goes_out_as_it_is),
		TEST(pieces_are_gathered),
		TEST(many_in_batches),
		TEST(a_full_ring_refuses_and_wakes),
		TEST(what_was_sent_is_not_kept_for_ever),
		TEST(what_is_no_frame_is_refused),
		TEST(what_it_could_not_send_is_counted),
	};
	return cmocka_run_group_tests_name("sun8i_emac: send", tests, NULL, NULL);
}
