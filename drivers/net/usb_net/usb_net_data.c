/* SPDX-License-Identifier: ISC */
/*
 * Frames, and what the adapter notifies of.
 */
#include <string.h>

#include "drivers/net/usb_net/usb_net_internal.h"

enum {
	ETH_HEADER_BYTES = 14,
	VLAN_TAG_BYTES = 4,
	RX_DROPS_MAX = 16, /* in one call */
};

static uint32_t frame_max(const struct usb_net *n)
{
	return ETH_HEADER_BYTES + VLAN_TAG_BYTES + n->nif.mtu;
}

/* --- notifications --------------------------------------------------------------------------- */

void usb_net_notify_begin(struct usb_net *n)
{
	usb_pipe_begin(n->hcd, &n->notify, n->notify_bytes, n->notify.packet_bytes);
}

static void poll_notify(struct usb_net *n)
{
	enum err e;

	if (!n->notifies)
		return;
	e = usb_pipe_poll(n->hcd, &n->notify);
	if (e == ERR_AGAIN)
		return;
	/*
	 * Without it the frames' pipe finds out whether the adapter is there. One that has
	 * something to say all the time and means nothing by it (QEMU's) would keep the loop busy.
	 */
	if (e != OK || !n->function->notified(n, n->notify_bytes, n->notify.done)) {
		n->notifies = false;
		usb_pipe_close(n->hcd, &n->notify);
		return;
	}
	usb_net_notify_begin(n);
}

/* --- sending --------------------------------------------------------------------------------- */

/* Copies the frame behind its header; returns the bytes of both. */
static uint32_t gather(struct usb_net *n, const struct pkt *p)
{
	uint32_t bytes = (uint32_t)pkt_bytes(p), at = 0;

	if (n->function->write_header != NULL)
		at = n->function->write_header(n->tx_bytes, bytes);
	memcpy(n->tx_bytes + at, p->data, p->len);
	at += p->len;
	for (unsigned i = 0; i < p->n_pieces; i++) {
		memcpy(n->tx_bytes + at, p->piece[i].data, p->piece[i].len);
		at += (uint32_t)p->piece[i].len;
	}
	return at;
}

static void send_first(struct usb_net *n)
{
	struct pkt *p = n->tx[n->tx_first];
	uint32_t bytes = gather(n, p);

	pkt_put(p);
	n->tx_first = (n->tx_first + 1) % USB_NET_TX_QUEUE;
	n->tx_count--;
	usb_pipe_begin(n->hcd, &n->out, n->tx_bytes, bytes);
}

/* Sends as much of the queue as goes now. */
static void pump(struct usb_net *n)
{
	while (n->running) {
		if (n->out.busy) {
			enum err e = usb_pipe_poll(n->hcd, &n->out);

			if (e == ERR_AGAIN)
				break;
			if (e == OK) {
				n->faults = 0;
			} else {
				n->nif.stats.tx_errors++;
				if (!usb_net_recover(n, &n->out, e))
					return;
			}
		}
		if (n->tx_count == 0)
			break;
		send_first(n);
	}
	if (n->tx_blocked && n->tx_count <= USB_NET_TX_QUEUE / 2) {
		n->tx_blocked = false;
		waker_wake(&n->nif.tx);
	}
}

enum err usb_net_send(struct netif *nif, struct pkt *p)
{
	struct usb_net *n = usb_net_of(nif);
	size_t bytes = pkt_bytes(p);

	if (!n->running)
		return ERR_IO;
	if (bytes < ETH_HEADER_BYTES || bytes > frame_max(n)) {
		nif->stats.tx_errors++;
		return ERR_INVALID;
	}
	if (n->tx_count == USB_NET_TX_QUEUE)
		pump(n);
	if (!n->running)
		return ERR_IO;
	if (n->tx_count == USB_NET_TX_QUEUE) {
		nif->stats.tx_full++;
		n->tx_blocked = true;
		return ERR_AGAIN;
	}
	n->tx[(n->tx_first + n->tx_count++) % USB_NET_TX_QUEUE] = p;
	nif->stats.tx_packets++;
	nif->stats.tx_bytes += bytes;
	return OK;
}

void usb_net_flush(struct netif *nif)
{
	pump(usb_net_of(nif));
}

/* --- receiving ------------------------------------------------------------------------------- */

void usb_net_rx_begin(struct usb_net *n)
{
	/* Whole packets: what a device may send at once must fit. */
	usb_pipe_begin(n->hcd, &n->in, n->rx->buf,
		       ROUND_DOWN(USB_NET_RX_BYTES, n->in.packet_bytes));
}

/* Makes what was received a frame. False: it is none, and counted. */
static bool accept(struct usb_net *n, struct pkt *p)
{
	p->data = p->buf;
	p->len = n->in.done;
	if (n->function->read_header != NULL && !n->function->read_header(p))
		p->len = 0;
	if (p->len < ETH_HEADER_BYTES) {
		n->nif.stats.rx_errors++;
		return false;
	}
	if (p->len > frame_max(n)) {
		n->nif.stats.rx_dropped++;
		return false;
	}
	return true;
}

/* Puts a fresh packet in the place of the one received, which is returned; NULL: it was dropped. */
static struct pkt *replace(struct usb_net *n)
{
	struct pkt *received = n->rx, *fresh;

	if (!accept(n, received))
		return NULL;
	fresh = pkt_alloc(n->rx_pool, 0);
	if (fresh == NULL) {
		n->nif.stats.rx_dropped++;
		return NULL;
	}
	n->rx = fresh;
	n->nif.stats.rx_packets++;
	n->nif.stats.rx_bytes += received->len;
	return received;
}

/* What the transfer that has ended brought, with the next under way, or NULL. */
static struct pkt *take(struct usb_net *n, enum err e)
{
	struct pkt *p = NULL;

	if (e == OK) {
		n->faults = 0;
		if (n->in.done > 0) /* an empty packet may end what ended already */
			p = replace(n);
	} else {
		n->nif.stats.rx_errors++;
		if (!usb_net_recover(n, &n->in, e))
			return NULL;
	}
	usb_net_rx_begin(n);
	return p;
}

struct pkt *usb_net_recv(struct netif *nif)
{
	struct usb_net *n = usb_net_of(nif);

	if (n->running && !n->hcd->is_connected)
		usb_net_give_up(n, "was unplugged", USB_NET_LOOKS);
	if (!n->running && n->waits != USB_NET_OFF)
		usb_net_look(n);
	if (n->running)
		pump(n);
	if (n->running)
		poll_notify(n);
	for (unsigned i = 0; i < RX_DROPS_MAX && n->running; i++) {
		enum err e = usb_pipe_poll(n->hcd, &n->in);
		struct pkt *p = e == ERR_AGAIN ? NULL : take(n, e);

		if (p != NULL || e == ERR_AGAIN)
			return p;
	}
	return NULL;
}

bool usb_net_rx_arm(struct netif *nif)
{
	struct usb_net *n = usb_net_of(nif);

	if (!n->running && n->waits != USB_NET_WATCHES)
		return n->waits != USB_NET_OFF;
	return usb_arm(n->hcd);
}
