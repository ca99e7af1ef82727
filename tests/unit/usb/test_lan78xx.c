/* SPDX-License-Identifier: ISC */
/*
 * The LAN7515, as the 3 B+ has it: behind two hubs of its own chip.
 */
#include "tests/unit/usb/rig.h"

#include "base/bytes.h"

static struct usb_fake_device *plug(void)
{
	usb_fake_hub(0, -1, 0, USB_SPEED_HIGH, 4);
	usb_fake_hub(1, 0, 1, USB_SPEED_HIGH, 3);
	return usb_fake_lan(2, 1, 1, &usb_fake_lan7515);
}

static struct usb_fake_device *board(void)
{
	struct usb_fake_device *d = plug();

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
	struct usb_fake_device *d = board();

	(void)state;
	assert_int_equal(nif->mac[0], 0xb8);
	assert_int_equal(reg(d, LAN78XX_RX_ADDRL), 0x01eb27b8);
	assert_int_equal(reg(d, LAN78XX_RX_ADDRH), 0x0302);
	assert_int_equal(reg(d, LAN78XX_FILTER_LOW), 0x01eb27b8);
	assert_int_equal(reg(d, LAN78XX_FILTER_HIGH), 0x80000302);
	assert_int_equal(reg(d, LAN78XX_HW_CFG) & LAN78XX_HW_CFG_MEF, 0);
	assert_int_equal(reg(d, LAN78XX_HW_CFG) & 0x300000, 0x300000); /* the socket's lights */
	assert_int_equal(reg(d, LAN78XX_MAC_RX), 1522u << 16 | 1);
	assert_int_equal(reg(d, LAN78XX_MAC_TX), 1);
	assert_int_equal(reg(d, LAN78XX_FCT_RX_CTL), 0x80000000);
	assert_int_equal(reg(d, LAN78XX_FCT_TX_CTL), 0x80000000);
	assert_int_equal(reg(d, LAN78XX_RFE_CTL), 0x602);
	assert_int_equal(d->mii[MII_BMCR], MII_BMCR_AUTO);
	assert_int_equal(d->mii[MII_GIGABIT], MII_GIGABIT_FULL);
}

static void sends_frames_behind_two_words(void **state)
{
	static const size_t lengths[] = {14, 504, 1514};
	struct usb_fake_device *d = board();

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		const struct usb_fake_frame *f = &d->from_host[i];

		assert_int_equal(netif_send(nif, frame(lengths[i], 5)), OK);
		netif_flush(nif);
		assert_null(received());
		assert_int_equal(f->len, lengths[i] + 8);
		assert_int_equal(load_le32(f->bytes), LAN78XX_TX_A_FCS | lengths[i]);
		assert_int_equal(load_le32(f->bytes + 4), 0);
		assert_int_equal(f->bytes[8], 5);
	}
}

static struct pkt *bring(struct usb_fake_device *d, uint32_t word, size_t len)
{
	static uint8_t bytes[2048];

	store_le32(bytes, word);
	bytes[10] = 0xaa;
	usb_fake_send(d, bytes, len);
	return received();
}

static void receives_frames_and_refuses_others(void **state)
{
	static const uint32_t lengths[] = {60, 498, 1514};
	struct usb_fake_device *d = board();

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct pkt *p = bring(d, lengths[i] + 4, lengths[i] + 14);

		assert_non_null(p);
		assert_int_equal(p->len, lengths[i]);
		assert_int_equal(p->data[0], 0xaa);
		assert_int_equal((uintptr_t)(p->data + 14) % 4, 0);
		pkt_put(p);
	}
	assert_null(bring(d, 64 | LAN78XX_RX_ERROR, 74));
	assert_null(bring(d, 65, 74));
	assert_null(bring(d, 0x3fff, 74));
	assert_null(bring(d, 3, 74));
	assert_null(bring(d, 64, 9));
	assert_int_equal(nif->stats.rx_errors, 5);
}

static void follows_the_cable(void **state)
{
	struct usb_fake_device *d = board();

	(void)state;
	assert_false(nif->link_up);
	usb_fake_cable(d, 0x45e1);
	assert_null(received());
	assert_true(nif->link_up);
	usb_fake_cable(d, 0);
	assert_null(received());
	assert_false(nif->link_up);
}

static void one_that_never_gets_ready(void **state)
{
	(void)state;
	plug()->never_ready = true;
	assert_int_equal(netif_start(nif), OK); /* and waits for another */
	assert_non_null(strstr(fake_log_last, "no USB network adapter that works: timed out"));
	assert_false(nif->link_up);
	assert_true(dwc2_fake.now_us < 2000000);
}

int run_lan78xx_tests(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(starts_with_the_address_of_the_board),
		TEST(sends_frames_behind_two_words),
		TEST(receives_frames_and_refuses_others),
		TEST(follows_the_cable),
		TEST(one_that_never_gets_ready),
	};

	return cmocka_run_group_tests_name("lan78xx", tests, NULL, NULL);
}
