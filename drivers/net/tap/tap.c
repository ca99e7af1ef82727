/* SPDX-License-Identifier: ISC */
#include "drivers/net/tap/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

/* After <net/if.h>, whose structures it shares. */
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

enum {
	ETH_HEADER_BYTES = 14,
	MTU = 1500,
	FRAME_BYTES_MAX = ETH_HEADER_BYTES + 4 + MTU, /* with a VLAN tag */
	/* An IPv4 packet holds 65,535 bytes; its headers take 120 at most. */
	TSO_BYTES_MAX = 65535 - 120,
	RX_DROPS_MAX = 16,
};

static struct tap *tap_of(struct netif *nif)
{
	return container_of(nif, struct tap, netif);
}

static struct virtio_net_hdr header_for(const struct pkt *p)
{
	struct virtio_net_hdr h = {.gso_type = VIRTIO_NET_HDR_GSO_NONE};
	if ((p->flags & PKT_CSUM_PARTIAL) != 0) {
		h.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		h.csum_start = p->csum_start;
		h.csum_offset = p->csum_offset;
	}
	if ((p->flags & PKT_GSO_TCP4) != 0) {
		h.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		h.gso_size = p->gso_bytes;
		h.hdr_len = p->gso_header;
	}
	return h;
}

static ssize_t write_frame(struct tap *t, const struct pkt *p)
{
	struct virtio_net_hdr header = header_for(p);
	struct iovec v[2 + PKT_PIECES_MAX];
	int n = 0;

	if (t->has_vnet_header)
		v[n++] = (struct iovec){&header, sizeof(header)};
	v[n++] = (struct iovec){p->data, p->len};
	for (unsigned i = 0; i < p->n_pieces; i++)
		v[n++] = (struct iovec){(void *)(uintptr_t)p->piece[i].data, p->piece[i].len};
	return writev(t->fd, v, n);
}

static enum err send_frame(struct netif *nif, struct pkt *p)
{
	struct tap *t = tap_of(nif);
	size_t bytes = pkt_bytes(p);

	if (t->broken)
		return ERR_IO;
	if ((p->flags & PKT_GSO_TCP4) == 0 && bytes > FRAME_BYTES_MAX)
		return ERR_INVALID;
	if (write_frame(t, p) < 0) {
		if (errno == EAGAIN) {
			nif->stats.tx_full++;
			t->tx_waits = true;
			return ERR_AGAIN;
		}
		/* The kernel drops frames while the interface is down, as a pulled cable would. */
		nif->stats.tx_errors++;
		if (errno == EBADFD) {
			t->broken = true;
			return ERR_IO;
		}
		pkt_put(p);
		return OK;
	}
	nif->stats.tx_packets++;
	nif->stats.tx_bytes += bytes;
	pkt_put(p);
	return OK;
}

static void flush(struct netif *nif)
{
	(void)nif; /* every frame has gone already */
}

/* Reads one frame into `p`. The bytes of the frame, 0 for none there, -1 for one to be skipped. */
static int read_frame(struct tap *t, struct pkt *p)
{
	struct virtio_net_hdr header = {0};
	size_t header_bytes = t->has_vnet_header ? sizeof(header) : 0;
	struct iovec v[2] = {{&header, header_bytes}, {p->data, pkt_tailroom(p)}};
	ssize_t n = readv(t->fd, v + (header_bytes == 0), header_bytes == 0 ? 1 : 2);

	if (n < 0)
		return 0;
	size_t bytes = (size_t)n - MIN((size_t)n, header_bytes);
	if (bytes < ETH_HEADER_BYTES || header.gso_type != VIRTIO_NET_HDR_GSO_NONE) {
		t->netif.stats.rx_errors++;
		return -1;
	}
	if (bytes > FRAME_BYTES_MAX) {
		t->netif.stats.rx_dropped++;
		return -1;
	}
	/* Neither a checksum still to be filled in nor a checked one can be wrong. */
	if ((header.flags & (VIRTIO_NET_HDR_F_NEEDS_CSUM | VIRTIO_NET_HDR_F_DATA_VALID)) != 0)
		p->flags |= PKT_CSUM_OK;
	return (int)bytes;
}

/*
 * Without a fresh buffer a frame is dropped, so that there is always one to read into. What is
 * dropped in one call is bounded; rx_arm() then says that there is more.
 */
static struct pkt *receive(struct netif *nif)
{
	struct tap *t = tap_of(nif);

	t->more = true;
	for (unsigned tries = 0; tries < RX_DROPS_MAX; tries++) {
		struct pkt *p = t->spare;
		p->flags = 0;
		int n = read_frame(t, p);
		if (n == 0) {
			t->more = false;
			return NULL;
		}
		if (n < 0)
			continue;
		struct pkt *fresh = pkt_alloc(t->rx, 0);
		if (fresh == NULL) {
			nif->stats.rx_dropped++;
			continue;
		}
		t->spare = fresh;
		(void)pkt_append(p, (uint32_t)n);
		nif->stats.rx_packets++;
		nif->stats.rx_bytes += (uint64_t)n;
		return p;
	}
	return NULL;
}

/* Edge-triggered: a frame that comes after receive() found none interrupts by itself. */
static bool rx_arm(struct netif *nif)
{
	return tap_of(nif)->more;
}

static void on_activity(void *arg)
{
	struct tap *t = arg;
	waker_wake(&t->netif.rx);
	if (t->tx_waits) {
		t->tx_waits = false;
		waker_wake(&t->netif.tx);
	}
}

static enum err start(struct netif *nif)
{
	struct tap *t = tap_of(nif);
	t->spare = pkt_alloc(t->rx, 0);
	if (t->spare == NULL)
		return ERR_NOMEM;
	nif->link_up = true;
	return irq_attach(&t->irq->chip, epoll_irq_add(t->irq, t->fd), IRQ_EDGE_RISING, on_activity,
			  t);
}

static void stop(struct netif *nif)
{
	struct tap *t = tap_of(nif);
	close(t->fd); /* the kernel forgets the watch with it */
	t->broken = true;
	pkt_put(t->spare);
	t->spare = NULL;
}

/* Attaches to device `name` in a mode. A device keeps settings of its last user: all are set. */
static bool attach(int fd, const char *name, short mode, unsigned offloads)
{
	struct ifreq request = {.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | mode)};
	int header_bytes = sizeof(struct virtio_net_hdr);
	memcpy(request.ifr_name, name, strlen(name) + 1);
	return ioctl(fd, TUNSETIFF, &request) == 0 && ioctl(fd, TUNSETOFFLOAD, offloads) == 0 &&
	       (mode == 0 || ioctl(fd, TUNSETVNETHDRSZ, &header_bytes) == 0);
}

static enum err open_device(struct tap *t, const char *name)
{
	/* TUNSETIFF would make a device that does not exist, without an address and down. */
	if (strlen(name) >= IFNAMSIZ || if_nametoindex(name) == 0)
		return ERR_NODEV;
	t->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0)
		return ERR_NODEV;
	/* Frames to us may come without a checksum; large ones may not, buffers hold one frame. */
	t->has_vnet_header = attach(t->fd, name, IFF_VNET_HDR, TUN_F_CSUM);
	if (t->has_vnet_header || attach(t->fd, name, 0, 0))
		return OK;
	close(t->fd);
	return ERR_NODEV;
}

enum err tap_init(struct tap *t, const char *name, const char *device, const uint8_t mac[static 6],
		  struct pkt_pool *rx, struct epoll_irq *irq)
{
	static const struct netif_ops ops = {.start = start,
					     .stop = stop,
					     .send = send_frame,
					     .flush = flush,
					     .recv = receive,
					     .rx_arm = rx_arm};
	*t = (struct tap){.netif = {.ops = &ops, .name = name, .mtu = MTU}, .rx = rx, .irq = irq};
	memcpy(t->netif.mac, mac, 6);
	enum err e = open_device(t, device);
	if (e != OK)
		return e;
	t->netif.features = NETIF_SG;
	if (t->has_vnet_header) {
		t->netif.features |= NETIF_CSUM_TX | NETIF_CSUM_RX | NETIF_TSO4;
		t->netif.tso_bytes = TSO_BYTES_MAX;
	}
	return OK;
}
