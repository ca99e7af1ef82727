/* SPDX-License-Identifier: ISC */
/*
 * Adapters that are plugged in while the system runs: again, or for the first time.
 */
#include "tests/unit/usb/rig.h"

enum { PROMISCUOUS = 1 };

static const uint8_t bytes[60];

/* Frames go both ways, the link is up, and nobody complains any more. */
static void assert_works(struct usb_fake_device *d)
{
	unsigned complaints = fake_log_complaints, before = d->from_host_count;
	struct pkt *p;

	assert_null(received());
	assert_true(nif->link_up);
	usb_fake_send(d, bytes, 60);
	p = received();
	assert_non_null(p);
	pkt_put(p);
	assert_int_equal(netif_send(nif, frame(60, 0)), OK);
	netif_flush(nif);
	assert_null(received());
	assert_int_equal(d->from_host_count, before + 1);
	assert_int_equal(fake_log_complaints, complaints);
}

static void interrupted(void)
{
	rx_wakes = 0;
	dwc2_fake_run();
	assert_int_equal(rx_wakes, 1);
}

static void again_at_the_port(void **state)
{
	(void)state;
	started(USB_SPEED_FULL);
	for (unsigned i = 0; i < 3 * USB_NET_LOOKS_MAX; i++) {
		struct usb_fake_device *d;

		dwc2_fake_unplug();
		interrupted();
		assert_null(received());
		assert_false(nif->link_up);
		d = usb_fake_adapter(0, -1, 0, i % 2 == 0 ? USB_SPEED_HIGH : USB_SPEED_FULL);
		dwc2_fake_plug();
		interrupted();
		assert_works(d);
		assert_int_equal(fake_log_complaints, i + 1);
	}
}

static void again_at_a_hub(void **state)
{
	struct usb_fake_device *d;

	(void)state;
	usb_fake_hub(0, -1, 0, USB_SPEED_FULL, 4);
	d = usb_fake_adapter(1, 0, 2, USB_SPEED_FULL);
	assert_int_equal(netif_start(nif), OK);
	assert_works(d);
	for (unsigned i = 0; i < 3; i++) {
		usb_fake_plug(1, false);
		assert_null(received());
		assert_false(nif->link_up);
		d = usb_fake_adapter(1, 0, 2, USB_SPEED_FULL);
		usb_fake_plug(1, true);
		interrupted();
		assert_works(d);
	}
}

static void for_the_first_time(void **state)
{
	const uint8_t of_board[] = {0xb8, 0x27, 0xeb, 1, 2, 3};
	struct usb_fake_device *d;
	struct pkt *p = frame(60, 0);

	(void)state;
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(fake_log_complaints, 1);
	assert_null(received());
	assert_false(nif->link_up);
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
	d = usb_fake_adapter(0, -1, 0, USB_SPEED_FULL);
	dwc2_fake_plug();
	interrupted();
	assert_works(d);
	/* The interface has begun with the board's address, and the adapter takes frames to it. */
	assert_memory_equal(nif->mac, of_board, 6);
	assert_true((d->filter & PROMISCUOUS) != 0);
}

static void another_adapter_takes_over_the_address(void **state)
{
	uint8_t mac[6];
	struct usb_fake_device *d = started(USB_SPEED_FULL);

	(void)state;
	assert_true((d->filter & PROMISCUOUS) == 0);
	memcpy(mac, nif->mac, 6);
	dwc2_fake_unplug();
	assert_null(received());
	d = usb_fake_adapter(0, -1, 0, USB_SPEED_FULL);
	d->mac = "400102030499";
	dwc2_fake_plug();
	assert_works(d);
	assert_memory_equal(nif->mac, mac, 6);
	assert_true((d->filter & PROMISCUOUS) != 0);
	/* The first one again, or its twin. */
	dwc2_fake_unplug();
	assert_null(received());
	d = usb_fake_adapter(0, -1, 0, USB_SPEED_FULL);
	dwc2_fake_plug();
	assert_works(d);
	assert_true((d->filter & PROMISCUOUS) == 0);
}

static void at_the_hub_with_something_else(void **state)
{
	struct usb_fake_device *d;

	(void)state;
	usb_fake_hub(0, -1, 0, USB_SPEED_HIGH, 4);
	usb_fake_adapter(1, 0, 1, USB_SPEED_FULL)->config_bytes[1] = 0; /* no ECM */
	assert_int_equal(netif_start(nif), OK);
	assert_null(received());
	assert_false(nif->link_up);
	d = usb_fake_adapter(2, 0, 3, USB_SPEED_HIGH);
	usb_fake_plug(2, true);
	interrupted();
	assert_works(d);
}

/* It is given up with one line, and left alone until something changes. */
static void one_that_babbles_is_not_tried_again(void **state)
{
	struct usb_fake_device *d;
	uint64_t before_us;

	(void)state;
	usb_fake_hub(0, -1, 0, USB_SPEED_FULL, 4);
	d = usb_fake_adapter(1, 0, 2, USB_SPEED_FULL);
	assert_int_equal(netif_start(nif), OK);
	assert_works(d);
	d->babbles = true;
	assert_null(received());
	assert_int_equal(fake_log_complaints, 1);
	assert_false(nif->link_up);
	before_us = dwc2_fake.now_us;
	for (unsigned i = 0; i < 100; i++) {
		dwc2_fake_run();
		assert_null(received());
	}
	assert_int_equal(fake_log_complaints, 1);
	assert_true(dwc2_fake.now_us - before_us < 100000);
	/* Its owner pulls it out and puts in another. */
	usb_fake_plug(1, false);
	assert_null(received());
	d = usb_fake_adapter(1, 0, 2, USB_SPEED_FULL);
	usb_fake_plug(1, true);
	assert_works(d);
}

/* Something that is no adapter may come and go as it likes; the loop is not kept for ever. */
static void what_comes_and_goes_all_the_time(void **state)
{
	uint64_t before_us;

	(void)state;
	started(USB_SPEED_FULL);
	for (unsigned i = 0; i < 2 * USB_NET_LOOKS_MAX; i++) {
		if (usb_fake_root() != NULL)
			dwc2_fake_unplug();
		assert_null(received());
		usb_fake_adapter(0, -1, 0, USB_SPEED_FULL)->config_bytes[1] = 0;
		dwc2_fake_plug();
		assert_null(received());
		assert_false(nif->link_up);
	}
	assert_int_equal(fake_log_complaints, 2);
	assert_non_null(strstr(fake_log_complaint, "no adapter is looked for any more"));
	before_us = dwc2_fake.now_us;
	dwc2_fake_unplug();
	assert_null(received());
	assert_true(dwc2_fake.now_us - before_us < 1000);
}

int run_plug_tests(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(again_at_the_port),
		TEST(again_at_a_hub),
		TEST(for_the_first_time),
		TEST(another_adapter_takes_over_the_address),
		TEST(at_the_hub_with_something_else),
		TEST(one_that_babbles_is_not_tried_again),
		TEST(what_comes_and_goes_all_the_time),
	};

	return cmocka_run_group_tests_name("usb plugs", tests, NULL, NULL);
}
