/* SPDX-License-Identifier: ISC */
/*
 * Adapters that go, fall silent or talk nonsense.
 */
#include "tests/unit/usb/rig.h"

static const uint8_t bytes[60];

/* With one line about it, and `complaints` in all. */
static void assert_given_up_after(const char *why, unsigned complaints)
{
	char line[128] = "net0: given up: the adapter ";
	struct pkt *p = frame(60, 0);

	assert_string_equal(fake_log_complaint, strcat(line, why));
	assert_int_equal(fake_log_complaints, complaints);
	assert_false(nif->link_up);
	assert_null(received());
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
	assert_int_equal(rx_pool.pool.used, 0);
	assert_true(rx_wakes > 0 && tx_wakes > 0); /* whoever waits looks again */
}

static void assert_given_up(const char *why)
{
	assert_given_up_after(why, 1);
}

static void unplugged_from_the_port(void **state)
{
	(void)state;
	started(USB_SPEED_FULL);
	dwc2_fake_unplug();
	dwc2_fake_run();
	assert_int_equal(rx_wakes, 1);
	assert_null(received());
	assert_given_up("was unplugged");
}

static void unplugged_from_a_hub(void **state)
{
	uint64_t before_us;

	(void)state;
	usb_fake_hub(0, -1, 0, USB_SPEED_FULL, 4);
	usb_fake_adapter(1, 0, 2, USB_SPEED_FULL);
	assert_int_equal(netif_start(nif), OK);
	assert_null(received());
	before_us = dwc2_fake.now_us;
	usb_fake[1].is_attached = false;
	assert_null(received());
	assert_given_up("does not answer: unplugged?");
	assert_true(dwc2_fake.now_us - before_us < 1000000);
}

static void unplugged_while_it_sends(void **state)
{
	(void)state;
	started(USB_SPEED_FULL);
	dwc2_fake.runs = false;
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(netif_send(nif, frame(60, 0)), OK);
	netif_flush(nif);
	dwc2_fake_unplug();
	dwc2_fake.runs = true;
	assert_null(received());
	assert_given_up("was unplugged");
	assert_int_equal(tx_pool.pool.used, 0);
}

static void a_damaged_packet_is_got_over(void **state)
{
	struct usb_fake_device *d = started(USB_SPEED_FULL);
	struct pkt *p;

	(void)state;
	d->errors = 1;
	assert_null(received());
	assert_int_equal(nif->stats.rx_errors, 1);
	usb_fake_send(d, bytes, 60);
	p = received();
	assert_non_null(p);
	pkt_put(p);
	assert_true(nif->link_up);
}

static void a_halted_endpoint_is_cleared(void **state)
{
	struct usb_fake_device *d = started(USB_SPEED_FULL);
	struct pkt *p;

	(void)state;
	usb_fake_send(d, bytes, 60);
	p = received();
	assert_non_null(p);
	pkt_put(p);
	d->stalls_in = 1; /* at a moment when its data toggle is 1, and 0 afterwards */
	assert_null(received());
	usb_fake_send(d, bytes, 60);
	p = received();
	assert_non_null(p);
	pkt_put(p);
}

static void one_that_halts_for_ever(void **state)
{
	(void)state;
	started(USB_SPEED_FULL)->stalls_in = 1000000;
	assert_null(received());
	assert_given_up("fails all the time");
	assert_int_equal(nif->stats.rx_errors, USB_NET_FAULTS_MAX + 1);
}

static void one_that_babbles(void **state)
{
	(void)state;
	started(USB_SPEED_FULL)->babbles = true;
	assert_null(received());
	assert_given_up("sends more than it is asked for");
}

static void one_that_falls_silent(void **state)
{
	(void)state;
	started(USB_SPEED_FULL)->is_silent = true;
	assert_null(received());
	assert_given_up("does not answer: unplugged?");
}

static void silence_during_the_start(void **state)
{
	(void)state;
	usb_fake_adapter(0, -1, 0, USB_SPEED_FULL)->is_silent_to_string = true;
	fallback_result = ERR_NODEV;
	assert_int_equal(netif_start(nif), ERR_IO);
	assert_true(dwc2_fake.now_us < 5000000);
}

static void channels_that_do_not_halt(void **state)
{
	(void)state;
	started(USB_SPEED_FULL);
	dwc2_fake.never_halts = true;
	netif_stop(nif);
	assert_true(dwc2_fake.now_us < 5000000);
}

/* What a halted channel has left is gone before the packet goes back to its pool. */
static void settles_before_it_stops(void **state)
{
	struct usb_fake_device *d = started(USB_SPEED_FULL);
	unsigned before = d->status_requests;

	(void)state;
	netif_stop(nif);
	assert_int_equal(d->status_requests - before, 2); /* both that read */
}

int run_fault_tests(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(unplugged_from_the_port),
		TEST(unplugged_from_a_hub),
		TEST(unplugged_while_it_sends),
		TEST(a_damaged_packet_is_got_over),
		TEST(a_halted_endpoint_is_cleared),
		TEST(one_that_halts_for_ever),
		TEST(one_that_babbles),
		TEST(one_that_falls_silent),
		TEST(silence_during_the_start),
		TEST(channels_that_do_not_halt),
		TEST(settles_before_it_stops),
	};

	return cmocka_run_group_tests_name("usb faults", tests, NULL, NULL);
}
