/* SPDX-License-Identifier: ISC */
/*
 * A host of devices that say anything, in any number of bytes, and do anything with a transfer: the
 * bus, its hubs, the Ethernet adapter and its frames, below a controller that believes them. An
 * input is a list of what happens to one transfer to the host after the other: a byte that says
 * how it ends, and how many bytes it brings, then those. The parser alone, which needs luck to
 * be reached that way, gets the whole input too.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "drivers/net/cdc_ecm/cdc_ecm.h"
#include "drivers/net/lan78xx/lan78xx.h"
#include "drivers/net/lan95xx/lan95xx.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum {
	CHANNELS = 8,
	RX_PACKETS = 4,
	ROUNDS = 16,
	TRANSFERS_MAX = 2000,

	/* How a transfer ends: the upper half of the byte; the lower one is its length, or longer.
	 */
	ENDS_AGAIN = 0x80,
	ENDS_BADLY = 0x90,
	ENDS_FULL = 0xa0,
	LENGTH_MASK = 0x7f,
};

static const uint8_t *input;
static size_t left;
static unsigned transfers;
static uint64_t time_us;

static enum err board_mac(uint8_t mac[static 6])
{
	memset(mac, 2, 6);
	return OK;
}

static uint64_t now_us(struct timer *t)
{
	(void)t;
	return time_us += 1000;
}

static const struct timer_ops timer_ops = {.now_us = now_us};
static struct timer timer = {.ops = &timer_ops};

static uint8_t next(void)
{
	if (left == 0)
		return ENDS_AGAIN;
	left--;
	return *input++;
}

/* --- a controller ------------------------------------------------------------------------------
 */

static enum err start(struct usb_hcd *hcd)
{
	hcd->channels = CHANNELS;
	hcd->is_connected = true;
	return OK;
}

static void stop(struct usb_hcd *hcd)
{
	(void)hcd;
}

static bool is_connected(struct usb_hcd *hcd)
{
	(void)hcd;
	return true;
}

static enum err reset_port(struct usb_hcd *hcd, enum usb_speed *speed)
{
	(void)hcd;
	*speed = (enum usb_speed)(next() % 3);
	return OK;
}

static void begin(struct usb_hcd *hcd, struct usb_pipe *p)
{
	(void)hcd;
	assert(p->address < 128 && p->channel < CHANNELS && p->packet_bytes <= 512);
	assert((p->endpoint & 0x70) == 0);
	transfers++;
}

static enum err read_bytes(struct usb_pipe *p, uint8_t how)
{
	uint32_t n = how == ENDS_FULL ? p->bytes : (how & LENGTH_MASK);

	if (n > p->bytes)
		return ERR_RANGE;
	for (uint32_t i = 0; i < n; i++)
		p->data[i] = left > 0 ? next() : 0;
	p->done = n;
	return OK;
}

static enum err poll(struct usb_hcd *hcd, struct usb_pipe *p)
{
	uint8_t how;

	if (transfers > TRANSFERS_MAX)
		hcd->is_connected = false;
	if ((p->endpoint & USB_IN) == 0 || p->bytes == 0) {
		p->done = p->bytes;
		return OK;
	}
	how = next();
	if (how == ENDS_AGAIN)
		return ERR_AGAIN;
	if ((how & 0xf0) == ENDS_BADLY)
		return how & 1 ? ERR_REFUSED : ERR_IO;
	return read_bytes(p, how);
}

static enum err cancel(struct usb_hcd *hcd, struct usb_pipe *p)
{
	(void)hcd;
	(void)p;
	return OK;
}

static bool arm(struct usb_hcd *hcd)
{
	(void)hcd;
	return left > 0;
}

static const struct usb_hcd_ops hcd_ops = {
	.start = start,
	.stop = stop,
	.is_connected = is_connected,
	.reset_port = reset_port,
	.begin = begin,
	.poll = poll,
	.cancel = cancel,
	.arm = arm,
};

/* --- the interface -----------------------------------------------------------------------------
 */

static void use(struct netif *nif, struct pkt_pool *pool)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct pkt *p = netif_recv(nif);

		if (p != NULL) {
			assert(p->len >= 14 && p->len <= 14 + 4 + 1500u);
			if (netif_send(nif, p) != OK)
				pkt_put(p);
		}
		netif_flush(nif);
		if (!netif_rx_arm(nif))
			break;
	}
	netif_stop(nif);
	assert(pool->pool.used == 0);
}

static void run_bus(void)
{
	static ALIGNED(CACHE_LINE_BYTES)
		uint8_t memory[PKT_POOL_BYTES(RX_PACKETS, USB_NET_RX_BYTES)];
	static const struct usb_net_function *const functions[] = {&lan95xx, &lan78xx, &cdc_ecm,
								   NULL};
	static struct usb_net net;
	struct usb_hcd hcd = {.ops = &hcd_ops, .timer = &timer};
	struct pkt_pool pool;
	struct netif *nif;

	transfers = 0;
	pkt_pool_init(&pool, memory, RX_PACKETS, USB_NET_RX_BYTES);
	nif = usb_net_init(&net, &hcd, functions, board_mac, &pool, "net0");
	if (netif_start(nif) == OK) {
		assert(usb_net_is_station(nif->mac) && nif->mtu >= 576 && nif->mtu <= 1500);
		use(nif, &pool);
	}
	assert(pool.pool.used == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cdc_ecm_layout l;
	uint8_t mac[6];

	if (cdc_ecm_parse(&l, bytes, len) == OK) {
		assert(l.in.packet_bytes >= 8 && l.in.packet_bytes <= 512 &&
		       l.out.packet_bytes >= 8);
		assert((l.in.address & 0xf) != 0 && (l.in.address & USB_IN) != 0);
		assert((l.out.address & 0xf) != 0 && (l.out.address & USB_IN) == 0);
		assert(l.notify.address == 0 || l.notify.packet_bytes <= CACHE_LINE_BYTES);
	}
	assert(!cdc_ecm_mac(mac, bytes, len) || usb_net_is_station(mac));
	input = bytes;
	left = len;
	run_bus();
	return 0;
}
