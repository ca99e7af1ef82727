/* SPDX-License-Identifier: ISC */
/*
 * Frames in both directions, and the link.
 */
#include "tests/unit/usb/rig.h"

static const size_t lengths[] = {14, 60, 63, 64, 65, 127, 128, 512, 1024, 1472, 1513, 1514, 1518};

static void sends_frames_of_any_length(void **state)
{
	static const enum usb_speed speeds[] = {USB_SPEED_FULL, USB_SPEED_HIGH};

	(void)state;
	for (unsigned s = 0; s < ARRAY_SIZE(speeds); s++) {
		struct usb_fake_device *d = started(speeds[s]);

		for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
			assert_int_equal(netif_send(nif, frame(lengths[i], (uint8_t)i)), OK);
			netif_flush(nif);
			assert_null(received());
			assert_int_equal(d->from_host_count, i + 1);
			assert_int_equal(d->from_host[i].len, lengths[i]);
			for (size_t at = 0; at < lengths[i]; at++)
				assert_int_equal(d->from_host[i].bytes[at], (uint8_t)(i + at));
		}
		assert_int_equal(nif->stats.tx_errors, 0);
		assert_int_equal(tx_pool.pool.used, 0);
		netif_stop(nif);
	}
	assert_int_equal(nif->stats.tx_packets, 2 * ARRAY_SIZE(lengths));
}

/* With a controller that is told a packet at a time, and one that is told a frame. */
static void tells_the_controller_as_much_as_is_good(void **state)
{
	unsigned before;

	(void)state;
	started(USB_SPEED_HIGH);
	before = dwc2_fake.activations;
	assert_int_equal(netif_send(nif, frame(1514, 0)), OK);
	netif_flush(nif);
	assert_int_equal(dwc2_fake.activations - before, 1);
	netif_stop(nif);
	started(USB_SPEED_FULL);
	before = dwc2_fake.activations;
	assert_int_equal(netif_send(nif, frame(1514, 0)), OK);
	netif_flush(nif);
	assert_null(received());
	assert_int_equal(dwc2_fake.activations - before, 24);
}

static void gathers_pieces(void **state)
{
	static const uint8_t payload[100] = "payload";
	struct usb_fake_device *d = started(USB_SPEED_FULL);
	struct pkt *p = frame(54, 0);

	(void)state;
	assert_true(pkt_add_piece(p, (struct slice){.data = payload, .len = 100}));
	assert_true(pkt_add_piece(p, (struct slice){.data = payload, .len = 7}));
	assert_int_equal(netif_send(nif, p), OK);
	netif_flush(nif);
	assert_null(received());
	assert_int_equal(d->from_host[0].len, 161);
	assert_memory_equal(d->from_host[0].bytes + 54, payload, 100);
	assert_memory_equal(d->from_host[0].bytes + 154, payload, 7);
}

static void refuses_what_is_no_frame(void **state)
{
	struct pkt *p = frame(13, 0);

	(void)state;
	started(USB_SPEED_FULL);
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	pkt_put(p);
	p = frame(1519, 0);
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	pkt_put(p);
	assert_int_equal(nif->stats.tx_errors, 2);
}

/* A device that takes nothing for a while: the queue fills, and the sender is woken in time. */
static void has_a_bounded_queue(void **state)
{
	struct usb_fake_device *d = started(USB_SPEED_FULL);
	unsigned accepted = 0;
	struct pkt *p;

	(void)state;
	dwc2_fake.runs = false;
	while (netif_send(nif, p = frame(60, 0)) == OK) {
		netif_flush(nif);
		accepted++;
	}
	pkt_put(p);
	assert_int_equal(accepted, USB_NET_TX_QUEUE + 1); /* and one under way */
	assert_int_equal(nif->stats.tx_full, 1);
	assert_int_equal(tx_wakes, 0);
	dwc2_fake.runs = true;
	assert_null(received());
	assert_int_equal(tx_wakes, 1);
	assert_int_equal(d->from_host_count, accepted);
}

static void receives_frames_of_any_length(void **state)
{
	static const enum usb_speed speeds[] = {USB_SPEED_FULL, USB_SPEED_HIGH};
	uint8_t bytes[2048];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (unsigned s = 0; s < ARRAY_SIZE(speeds); s++) {
		struct usb_fake_device *d = started(speeds[s]);

		for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
			struct pkt *p;

			usb_fake_send(d, bytes, lengths[i]);
			p = received();
			assert_non_null(p);
			assert_int_equal(p->len, lengths[i]);
			assert_memory_equal(p->data, bytes, lengths[i]);
			pkt_put(p);
			assert_null(received());
		}
		netif_stop(nif);
	}
	assert_int_equal(nif->stats.rx_packets, 2 * ARRAY_SIZE(lengths));
	assert_int_equal(nif->stats.rx_errors, 0);
}

static void drops_what_is_no_frame(void **state)
{
	static const uint8_t bytes[2048];
	struct usb_fake_device *d = started(USB_SPEED_FULL);
	struct pkt *p;

	(void)state;
	usb_fake_send(d, bytes, 0);
	usb_fake_send(d, bytes, 13);
	usb_fake_send(d, bytes, 1519);
	usb_fake_send(d, bytes, 60);
	p = received();
	assert_non_null(p);
	assert_int_equal(p->len, 60);
	pkt_put(p);
	assert_int_equal(nif->stats.rx_errors, 1);
	assert_int_equal(nif->stats.rx_dropped, 1);
}

static void wakes_and_goes_on_when_packets_are_used_up(void **state)
{
	static const uint8_t bytes[60];
	struct usb_fake_device *d = started(USB_SPEED_FULL);
	struct pkt *held[RX_PACKETS];

	(void)state;
	for (unsigned i = 0; i < RX_PACKETS + 2; i++)
		usb_fake_send(d, bytes, 60);
	dwc2_fake_run();
	assert_int_equal(rx_wakes, 1);
	dwc2_fake_run(); /* masked until it is armed */
	assert_int_equal(rx_wakes, 1);
	for (unsigned i = 0; i < RX_PACKETS - 1; i++) {
		held[i] = received();
		assert_non_null(held[i]);
	}
	assert_null(received());
	assert_int_equal(nif->stats.rx_dropped, 3);
	for (unsigned i = 0; i < RX_PACKETS - 1; i++)
		pkt_put(held[i]);
	usb_fake_send(d, bytes, 60);
	dwc2_fake_run();
	assert_int_equal(rx_wakes, 2);
	held[0] = received();
	assert_non_null(held[0]);
	pkt_put(held[0]);
}

static void follows_the_link(void **state)
{
	struct usb_fake_device *d = started(USB_SPEED_FULL);

	(void)state;
	usb_fake_notify(d, false);
	assert_null(received());
	assert_false(nif->link_up);
	usb_fake_notify(d, true);
	dwc2_fake_run();
	assert_int_equal(rx_wakes, 1);
	assert_null(received());
	assert_true(nif->link_up);
	usb_fake_notify(d, false);
	d->notification[1] = 0x2a; /* the speed, which is no matter */
	assert_null(received());
	assert_true(nif->link_up);
}

int run_frame_tests(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(sends_frames_of_any_length),
		TEST(tells_the_controller_as_much_as_is_good),
		TEST(gathers_pieces),
		TEST(refuses_what_is_no_frame),
		TEST(has_a_bounded_queue),
		TEST(receives_frames_of_any_length),
		TEST(drops_what_is_no_frame),
		TEST(wakes_and_goes_on_when_packets_are_used_up),
		TEST(follows_the_link),
	};

	return cmocka_run_group_tests_name("usb frames", tests, NULL, NULL);
}
