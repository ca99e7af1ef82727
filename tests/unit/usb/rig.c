/* SPDX-License-Identifier: ISC */
#include "tests/unit/usb/rig.h"

struct usb_net net;
struct netif *nif;
struct pkt_pool rx_pool, tx_pool;
unsigned rx_wakes, tx_wakes;
enum err fallback_result;

static struct dwc2 controller;
static ALIGNED(CACHE_LINE_BYTES) uint8_t rx_memory[PKT_POOL_BYTES(RX_PACKETS, BUF_BYTES)];
static ALIGNED(CACHE_LINE_BYTES) uint8_t tx_memory[PKT_POOL_BYTES(TX_PACKETS, BUF_BYTES)];

static void count(void *arg)
{
	++*(unsigned *)arg;
}

static enum err fallback(uint8_t mac[static 6])
{
	memcpy(mac, (const uint8_t[]){0xb8, 0x27, 0xeb, 1, 2, 3}, 6);
	return fallback_result;
}

int set_up(void **state)
{
	static const struct usb_net_function *const functions[] = {&lan95xx, &lan78xx, &cdc_ecm,
								   NULL};
	struct usb_hcd *hcd;

	(void)state;
	usb_fake_init();
	dwc2_fake_init();
	pkt_pool_init(&rx_pool, rx_memory, RX_PACKETS, BUF_BYTES);
	pkt_pool_init(&tx_pool, tx_memory, TX_PACKETS, BUF_BYTES);
	hcd = dwc2_init(&controller, DWC2_FAKE_BASE, DWC2_FAKE_BUS, &dwc2_fake_irq, DWC2_FAKE_LINE,
			&dwc2_fake_timer);
	nif = usb_net_init(&net, hcd, functions, fallback, &rx_pool, "net0");
	nif->rx = (struct waker){count, &rx_wakes};
	nif->tx = (struct waker){count, &tx_wakes};
	rx_wakes = tx_wakes = fake_log_lines = fake_log_complaints = 0;
	fallback_result = OK;
	return 0;
}

int tear_down(void **state)
{
	(void)state;
	netif_stop(nif);
	assert_false(dwc2_fake.line_enabled);
	assert_int_equal(rx_pool.pool.used, 0);
	assert_int_equal(tx_pool.pool.used, 0);
	return 0;
}

struct usb_fake_device *started(enum usb_speed speed)
{
	struct usb_fake_device *d = usb_fake_adapter(0, -1, 0, speed);

	assert_int_equal(netif_start(nif), OK);
	assert_null(received());
	rx_wakes = 0;
	return d;
}

struct pkt *frame(size_t len, uint8_t tag)
{
	struct pkt *p = pkt_alloc(&tx_pool, PKT_HEADROOM - 14 + 2);
	uint8_t *bytes = pkt_append(p, (uint32_t)len);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(tag + i);
	return p;
}

struct pkt *received(void)
{
	struct pkt *p;

	do {
		p = netif_recv(nif);
	} while (p == NULL && netif_rx_arm(nif));
	return p;
}
