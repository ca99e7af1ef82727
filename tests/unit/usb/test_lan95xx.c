/* SPDX-License-Identifier: ISC */
/*
 * The LAN9514, as boards have it: behind the hub of its own chip.
 */
#include "tests/unit/usb/rig.h"

#include "base/bytes.h"

enum { PARTNER_100_FULL = 0x45e1, PARTNER_100_HALF = 0x0081, PARTNER_10_FULL = 0x0061 };

static struct usb_fake_device *board(void)
{
	struct usb_fake_device *d;

	usb_fake_hub(0, -1, 0, USB_SPEED_HIGH, 5);
	d = usb_fake_lan(1, 0, 1, &usb_fake_lan9514);
	assert_int_equal(netif_start(nif), OK);
	assert_null(received());
	return d;
}

static uint32_t reg(const struct usb_fake_device *d, uint32_t offset)
{
	return d->regs[offset / 4];
}

static void starts_with_the_address_of_the_board(void **state)
{
	const uint8_t mac[] = {0xb8, 0x27, 0xeb, 1, 2, 3};
	struct usb_fake_device *d = board();

	(void)state;
	assert_memory_equal(nif->mac, mac, 6);
	assert_int_equal(reg(d, LAN95XX_ADDRL), 0x01eb27b8);
	assert_int_equal(reg(d, LAN95XX_ADDRH), 0x0302);
	assert_int_equal(d->configuration, 1);
	/* One frame a transfer, and both directions on. */
	assert_int_equal(reg(d, LAN95XX_HW_CFG) & (LAN95XX_HW_CFG_MEF | LAN95XX_HW_CFG_BCE), 0);
	assert_int_equal(reg(d, LAN95XX_MAC_CR) & 0x8000c, 0x8000c);
	assert_int_equal(reg(d, LAN95XX_TX_CFG), LAN95XX_TX_CFG_ON);
	assert_int_equal(d->mii[MII_BMCR], MII_BMCR_AUTO);
	/* Pausing was not negotiated, so nobody is told to. */
	assert_int_equal(reg(d, LAN95XX_AFC_CFG) & 0xf, 0);
	assert_int_equal(reg(d, LAN95XX_FLOW), 0);
	assert_int_equal(dwc2_fake.splits, 0);
}

static void sends_frames_behind_two_words(void **state)
{
	static const size_t lengths[] = {14, 60, 504, 1016, 1514};
	struct usb_fake_device *d = board();

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		const struct usb_fake_frame *f = &d->from_host[i];

		assert_int_equal(netif_send(nif, frame(lengths[i], 5)), OK);
		netif_flush(nif);
		assert_null(received());
		assert_int_equal(d->from_host_count, i + 1);
		assert_int_equal(f->len, lengths[i] + 8);
		assert_int_equal(load_le32(f->bytes), 0x3000 | lengths[i]);
		assert_int_equal(load_le32(f->bytes + 4), lengths[i]);
		assert_int_equal(f->bytes[8], 5);
	}
}

/* Has the adapter bring `len` bytes of which the first say that a frame has `said`, FCS included.
 */
static struct pkt *bring(struct usb_fake_device *d, uint32_t said, uint32_t flags, size_t len)
{
	static uint8_t bytes[2048];

	store_le32(bytes, said << 16 | flags);
	bytes[6] = 0xaa;
	usb_fake_send(d, bytes, len);
	return received();
}

static void receives_frames_behind_a_word(void **state)
{
	static const uint32_t lengths[] = {60, 506, 1514};
	struct usb_fake_device *d = board();

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct pkt *p = bring(d, lengths[i] + 4, 0, lengths[i] + 10);

		assert_non_null(p);
		assert_int_equal(p->len, lengths[i]);
		assert_int_equal(p->data[0], 0xaa);
		/* The IP header is aligned. */
		assert_int_equal((uintptr_t)(p->data + 14) % 4, 0);
		pkt_put(p);
	}
}

static void refuses_what_cannot_be(void **state)
{
	struct usb_fake_device *d = board();

	(void)state;
	assert_null(bring(d, 64, LAN95XX_RX_ERROR, 70));
	assert_null(bring(d, 65, 0, 70)); /* longer than what came */
	assert_null(bring(d, 0x3fff, 0, 70));
	assert_null(bring(d, 3, 0, 70)); /* not even an FCS */
	assert_null(bring(d, 17, 0, 70));
	assert_null(bring(d, 64, 0, 5));
	assert_int_equal(nif->stats.rx_errors, 6);
	assert_null(bring(d, 1523, 0, 1529));
	assert_int_equal(nif->stats.rx_dropped, 1);
}

static void follows_the_cable(void **state)
{
	struct usb_fake_device *d = board();

	(void)state;
	assert_false(nif->link_up); /* until the PHY says so */
	usb_fake_cable(d, PARTNER_100_FULL);
	assert_null(received());
	assert_true(nif->link_up);
	assert_true((reg(d, LAN95XX_MAC_CR) & LAN95XX_MAC_CR_FDPX) != 0);
	usb_fake_cable(d, 0);
	assert_null(received());
	assert_false(nif->link_up);
	usb_fake_cable(d, PARTNER_100_HALF);
	assert_null(received());
	assert_true(nif->link_up);
	assert_int_equal(reg(d, LAN95XX_MAC_CR) & (LAN95XX_MAC_CR_FDPX | LAN95XX_MAC_CR_RCVOWN),
			 LAN95XX_MAC_CR_RCVOWN);
	usb_fake_cable(d, PARTNER_10_FULL);
	assert_null(received());
	assert_true((reg(d, LAN95XX_MAC_CR) & LAN95XX_MAC_CR_FDPX) != 0);
}

static void one_that_never_gets_ready(void **state)
{
	(void)state;
	usb_fake_hub(0, -1, 0, USB_SPEED_HIGH, 5);
	usb_fake_lan(1, 0, 1, &usb_fake_lan9514)->never_ready = true;
	assert_int_equal(netif_start(nif), OK); /* and waits for another */
	assert_non_null(strstr(fake_log_last, "no USB network adapter that works: timed out"));
	assert_false(nif->link_up);
	assert_true(dwc2_fake.now_us < 2000000);
}

static void a_board_without_an_address(void **state)
{
	(void)state;
	fallback_result = ERR_TIMEOUT;
	usb_fake_hub(0, -1, 0, USB_SPEED_HIGH, 5);
	usb_fake_lan(1, 0, 1, &usb_fake_lan9514);
	assert_int_equal(netif_start(nif), ERR_NOTFOUND);
}

static void falls_silent_while_it_is_asked_for_its_link(void **state)
{
	struct usb_fake_device *d = board();
	uint64_t before_us = dwc2_fake.now_us;

	(void)state;
	usb_fake_cable(d, PARTNER_100_FULL);
	net.function->notified(&net, d->notification, 3); /* too short to say anything */
	d->is_silent = true;
	net.function->notified(&net, d->notification, 4);
	assert_false(nif->link_up);
	assert_null(received());
	assert_true(dwc2_fake.now_us - before_us < 500000);
}

int run_lan95xx_tests(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(starts_with_the_address_of_the_board),
		TEST(sends_frames_behind_two_words),
		TEST(receives_frames_behind_a_word),
		TEST(refuses_what_cannot_be),
		TEST(follows_the_cable),
		TEST(one_that_never_gets_ready),
		TEST(a_board_without_an_address),
		TEST(falls_silent_while_it_is_asked_for_its_link),
	};

	return cmocka_run_group_tests_name("lan95xx", tests, NULL, NULL);
}
