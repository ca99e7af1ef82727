/* SPDX-License-Identifier: ISC */
/*
 * The job of the image that has no network stack: a received frame becomes its answer in its own
 * packet, with the page behind it where it lies, and goes back through the driver that the other
 * images have.
 */
#include "base/pkt.h"
#include "bench/peers/no_stack.h"
#include "hal/kv.h"
#include "hal/netif.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { BATCH_FRAMES = 32, TCP_CHECKSUM_AT = 16 };

static struct netif *device;
static struct task task;
static struct no_stack server;

/* The packet is given. One that nobody can answer, or send, is dropped. */
static void answer(struct pkt *p)
{
	size_t bytes = 0;

	if (p->n_pieces == 0 && p->more == NULL)
		bytes = no_stack_answer(&server, p->data, p->len);
	p->len = (uint32_t)MIN(bytes, NO_STACK_TEXT);
	p->flags = 0;
	if (bytes > NO_STACK_TEXT &&
	    !pkt_add_piece(p, SLICE_STATIC(server.page, bytes - NO_STACK_TEXT)))
		bytes = 0;
	if (server.offload && bytes >= NO_STACK_TEXT) {
		p->flags = PKT_CSUM_PARTIAL;
		p->csum_start = NO_STACK_TCP;
		p->csum_offset = TCP_CHECKSUM_AT;
	}
	if (bytes == 0 || netif_send(device, p) != OK)
		pkt_put(p);
}

static uint64_t poll(void *self, uint64_t now_us)
{
	(void)self;
	for (unsigned n = 0; n < BATCH_FRAMES; n++) {
		struct pkt *p = netif_recv(device);
		if (p == NULL) {
			netif_flush(device);
			return netif_rx_arm(device) ? now_us : TIME_NEVER;
		}
		answer(p);
	}
	netif_flush(device);
	return now_us;
}

int answer_frames(struct netif *net, struct kv *pages, struct ipv4_prefix ipv4)
{
	static const char name[] = "favicon.svg";
	struct kv_value page;

	if (kv_get(pages, name, sizeof(name) - 1, &page) != OK ||
	    !no_stack_prepare(&server, page.bytes.data, page.bytes.len))
		stop_with_error("there is no %s that fits", name);
	device = net;
	task_add(&task, "frames", poll, NULL);
	net->rx = task_waker(&task);
	net->tx = task_waker(&task);
	if (netif_start(net) != OK)
		stop_with_error("the network interface does not start");
	memcpy(server.mac, net->mac, sizeof(server.mac));
	store_be32(server.address, ipv4.addr);
	server.apart = true;
	server.offload = (net->features & NETIF_CSUM_TX) != 0;
	boot_ready();
	fiber_park_forever();
}
