/* SPDX-License-Identifier: ISC */
/*
 * Finding the adapter.
 */
#include "tests/unit/usb/rig.h"

static void finds_an_adapter_at_its_port(void **state)
{
	const uint8_t mac[] = {0x40, 1, 2, 3, 4, 5};
	struct usb_fake_device *d = started(USB_SPEED_FULL);

	(void)state;
	assert_memory_equal(nif->mac, mac, 6);
	assert_int_equal(nif->mtu, 1500);
	assert_true(nif->link_up);
	/* The second configuration, with value 1, is the one that it speaks. */
	assert_int_equal(d->configuration, 1);
	assert_int_equal(d->setting, 1);
	assert_int_equal(d->filter, 0x0e);   /* its own, broadcasts, groups */
	assert_int_equal(fake_log_lines, 2); /* both of debugging */
}

static void keeps_the_pauses_of_the_specification(void **state)
{
	(void)state;
	started(USB_SPEED_FULL);
	/* 100 ms debounce, 50 ms reset, 10 ms recovery, 2 ms for the address; and no second. */
	assert_in_range(dwc2_fake.now_us, 162000, 1000000);
}

static void finds_an_adapter_behind_hubs(void **state)
{
	struct usb_fake_device *d;

	(void)state;
	usb_fake_hub(0, -1, 0, USB_SPEED_FULL, 4);
	usb_fake_hub(1, 0, 3, USB_SPEED_FULL, 8);
	d = usb_fake_adapter(2, 1, 8, USB_SPEED_FULL);
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(d->address, 3);
	assert_int_equal(dwc2_fake.splits, 0); /* nothing is translated at full speed */
}

/* As the chips of the Raspberry Pi 3 and 3B+ have it: a hub, and another behind it. */
static void talks_through_a_high_speed_hub(void **state)
{
	struct usb_fake_device *d;
	struct pkt *p;

	(void)state;
	dwc2_fake.split_waits = 2;
	usb_fake_hub(0, -1, 0, USB_SPEED_HIGH, 4);
	usb_fake_hub(1, 0, 1, USB_SPEED_HIGH, 3);
	d = usb_fake_adapter(2, 1, 2, USB_SPEED_FULL);
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(net.in.tt_hub, 2);
	assert_int_equal(net.in.tt_port, 2);
	assert_true(dwc2_fake.splits > 0);
	usb_fake_send(d, (const uint8_t[200]){1, 2, 3}, 200);
	p = NULL;
	for (unsigned i = 0; i < 100 && p == NULL; i++)
		p = netif_recv(nif);
	assert_non_null(p);
	assert_int_equal(p->len, 200);
	pkt_put(p);
}

static void passes_by_other_devices(void **state)
{
	struct usb_fake_device *other;

	(void)state;
	usb_fake_hub(0, -1, 0, USB_SPEED_FULL, 4);
	other = usb_fake_adapter(1, 0, 1, USB_SPEED_FULL);
	other->config_bytes[1] = 0; /* speaks RNDIS only */
	usb_fake_adapter(2, 0, 2, USB_SPEED_FULL);
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(other->configuration, 0);
	assert_int_equal(usb_fake[2].configuration, 1);
}

static void passes_by_a_dead_device_behind_a_hub(void **state)
{
	(void)state;
	usb_fake_hub(0, -1, 0, USB_SPEED_FULL, 4);
	usb_fake_adapter(1, 0, 1, USB_SPEED_FULL)->is_silent = true;
	usb_fake_adapter(2, 0, 2, USB_SPEED_FULL);
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(usb_fake[2].configuration, 1);
}

static void gives_up_a_port_that_does_not_reset(void **state)
{
	(void)state;
	fallback_result = ERR_NODEV;
	usb_fake_hub(0, -1, 0, USB_SPEED_FULL, 2)->never_resets = true;
	usb_fake_adapter(1, 0, 1, USB_SPEED_FULL);
	assert_int_equal(netif_start(nif), ERR_NODEV);
	assert_true(dwc2_fake.now_us < 3000000);
}

static void has_a_bound_for_devices(void **state)
{
	(void)state;
	fallback_result = ERR_NODEV;
	usb_fake_hub(0, -1, 0, USB_SPEED_FULL, 255);
	for (uint8_t i = 1; i < USB_FAKE_DEVICES; i++)
		usb_fake_hub(i, i - 1, 1, USB_SPEED_FULL, 255);
	assert_int_equal(netif_start(nif), ERR_NODEV);
	assert_int_equal(usb_fake[USB_DEVICES_MAX].address, 0);
}

static void survives_damaged_packets(void **state)
{
	struct usb_fake_device *d = usb_fake_adapter(0, -1, 0, USB_SPEED_FULL);

	(void)state;
	d->errors = 2;
	assert_int_equal(netif_start(nif), OK);
}

static void nobody_there(void **state)
{
	struct pkt *p;

	(void)state;
	fallback_result = ERR_NODEV;
	assert_int_equal(netif_start(nif), ERR_NODEV);
	assert_int_equal(fake_log_lines, 1);
	assert_string_equal(fake_log_last,
			    "net0: no USB network adapter that works: no such device");
	assert_false(nif->link_up);
	p = frame(60, 0);
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
}

static void another_controller_or_none(void **state)
{
	(void)state;
	fallback_result = ERR_NODEV;
	dwc2_fake.is_absent = true;
	assert_int_equal(netif_start(nif), ERR_NODEV);
}

static void a_controller_that_does_not_work(void **state)
{
	(void)state;
	fallback_result = ERR_NODEV;
	usb_fake_adapter(0, -1, 0, USB_SPEED_FULL);
	dwc2_fake.never_resets = true;
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
	dwc2_fake.never_resets = false;
	dwc2_fake.never_enables = true;
	assert_int_equal(netif_start(nif), ERR_TIMEOUT);
	dwc2_fake.never_enables = false;
	assert_int_equal(netif_start(nif), OK);
}

static void a_silent_device(void **state)
{
	(void)state;
	fallback_result = ERR_NODEV;
	usb_fake_adapter(0, -1, 0, USB_SPEED_FULL)->is_silent = true;
	assert_int_equal(netif_start(nif), ERR_IO);
	assert_true(dwc2_fake.now_us < 5000000);
}

static void answers_longer_than_the_question(void **state)
{
	(void)state;
	fallback_result = ERR_NODEV;
	usb_fake_adapter(0, -1, 0, USB_SPEED_FULL)->overlong = true;
	assert_int_equal(netif_start(nif), ERR_RANGE);
}

static void a_controller_that_lies(void **state)
{
	struct usb_fake_device *d = started(USB_SPEED_FULL);

	(void)state;
	dwc2_fake.lies = true;
	usb_fake_send(d, (const uint8_t[60]){0}, 60);
	assert_null(received());
	assert_false(nif->link_up);
	dwc2_fake.lies = false;
}

static void control_packets_of_any_size(void **state)
{
	static const uint8_t sizes[] = {8, 16, 32, 64};

	(void)state;
	fallback_result = ERR_NODEV;
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		usb_fake_adapter(0, -1, 0, USB_SPEED_FULL)->control_packet = sizes[i];
		assert_int_equal(netif_start(nif), OK);
		netif_stop(nif);
	}
	usb_fake_adapter(0, -1, 0, USB_SPEED_FULL)->control_packet = 9;
	assert_int_equal(netif_start(nif), ERR_INVALID);
	usb_fake_adapter(0, -1, 0, USB_SPEED_HIGH)->control_packet = 32;
	assert_int_equal(netif_start(nif), ERR_INVALID);
}

static void an_address_of_the_board(void **state)
{
	static const char *const bad[] = {
		NULL, "", "4001020304", "40010203040g", "410102030405", "000000000000"};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		usb_fake_adapter(0, -1, 0, USB_SPEED_FULL)->mac = bad[i];
		assert_int_equal(netif_start(nif), OK);
		assert_int_equal(nif->mac[0], 0xb8);
		netif_stop(nif);
	}
	fallback_result = ERR_TIMEOUT;
	assert_int_equal(netif_start(nif), ERR_NOTFOUND);
}

static void a_configuration_that_is_too_long_or_cut(void **state)
{
	struct usb_fake_device *d = usb_fake_adapter(0, -1, 0, USB_SPEED_FULL);

	(void)state;
	fallback_result = ERR_NODEV;
	d->config[1][3] = 0xff; /* it says so; it is not looked at */
	assert_int_equal(netif_start(nif), ERR_NODEV);
	d->config[1][3] = 0;
	d->config_bytes[1] = 60;
	assert_int_equal(netif_start(nif), ERR_NODEV);
	d->config_bytes[1] = 4;
	assert_int_equal(netif_start(nif), ERR_NODEV);
}

static void starts_again_after_a_stop(void **state)
{
	(void)state;
	started(USB_SPEED_FULL);
	netif_stop(nif);
	assert_false(nif->link_up);
	assert_int_equal(rx_pool.pool.used, 0);
	assert_int_equal(netif_start(nif), OK);
}

int run_bus_tests(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(finds_an_adapter_at_its_port),
		TEST(keeps_the_pauses_of_the_specification),
		TEST(finds_an_adapter_behind_hubs),
		TEST(talks_through_a_high_speed_hub),
		TEST(passes_by_other_devices),
		TEST(passes_by_a_dead_device_behind_a_hub),
		TEST(gives_up_a_port_that_does_not_reset),
		TEST(has_a_bound_for_devices),
		TEST(survives_damaged_packets),
		TEST(nobody_there),
		TEST(another_controller_or_none),
		TEST(a_controller_that_does_not_work),
		TEST(a_silent_device),
		TEST(answers_longer_than_the_question),
		TEST(a_controller_that_lies),
		TEST(control_packets_of_any_size),
		TEST(an_address_of_the_board),
		TEST(a_configuration_that_is_too_long_or_cut),
		TEST(starts_again_after_a_stop),
	};

	return cmocka_run_group_tests_name("usb bus", tests, NULL, NULL);
}
