/* SPDX-License-Identifier: ISC */
#include "bench/peers/lwip/port.h"

#include <string.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/list.h"

static struct netif *device;
static struct pkt_pool *tx_pool;

/* Both have a struct netif and an ERR_TIMEOUT: from here on those names are lwIP's. */
#define netif       lwip_netif
#define ERR_TIMEOUT LWIP_ERR_TIMEOUT
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

enum {
	BATCH_FRAMES = 32, /* as Fata's, and best for it, too */
	RX_PBUFS = 2048,
	TX_OWNERS = 2048,
	SMALL_BYTES = 256, /* a frame of up to so many is copied whole */
	IP_AT = 14,        /* offsets in a frame, or in its IP header */
	IP_PROTOCOL_AT = 9,
	IP_ADDRESSES_AT = 12,
	TCP_CHECKSUM_AT = 16,
	UDP_CHECKSUM_AT = 6,
	TCP = 6,
	UDP = 17,
};

/* A received packet's bytes, or those of one of its pieces, as lwIP sees them. */
struct rx_pbuf {
	struct pbuf_custom custom; /* first */
	struct pkt *packet;
	struct rx_pbuf *next; /* of those that are free */
};

/* Keeps a pbuf while the driver sends it. */
struct tx_owner {
	struct ref ref; /* first */
	struct pbuf *pbuf;
	struct tx_owner *next; /* of those that are free */
};

static struct lwip_netif station;
static struct task task;
static struct rx_pbuf rx_pbufs[RX_PBUFS], *rx_free;
static struct tx_owner tx_owners[TX_OWNERS], *tx_free;
static struct list unsent; /* what the device had no room for */

uint32_t lwip_random(void)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13; /* Marsaglia's xorshift */
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

u32_t sys_now(void)
{
	return (u32_t)(loop_now_us() / 1000);
}

/* --- receiving ------------------------------------------------------------------------------- */

static void release_rx(struct pbuf *p)
{
	struct rx_pbuf *r = (struct rx_pbuf *)p;

	pkt_put(r->packet);
	r->next = rx_free;
	rx_free = r;
}

/* Bytes of a packet or of the run behind it, with a reference on it. NULL: too many are held. */
static struct pbuf *rx_slice(struct pkt *p, struct slice s)
{
	struct rx_pbuf *r = rx_free;

	if (r == NULL)
		return NULL;
	rx_free = r->next;
	r->packet = p;
	ref_get(&p->ref);
	r->custom.custom_free_function = release_rx;
	return pbuf_alloced_custom(PBUF_RAW, (u16_t)s.len, PBUF_REF, &r->custom,
				   (void *)(uintptr_t)s.data, (u16_t)s.len);
}

/* Takes the caller's reference. NULL: it is dropped. */
static struct pbuf *rx_chain(struct pkt *p)
{
	struct pbuf *chain = NULL;

	for (struct pkt *part = p; part != NULL; part = part->more) {
		for (unsigned i = 0; i <= part->n_pieces; i++) {
			struct pbuf *next = rx_slice(p, pkt_slice(part, i));
			if (next == NULL) {
				if (chain != NULL)
					pbuf_free(chain);
				pkt_put(p);
				return NULL;
			}
			if (chain == NULL)
				chain = next;
			else
				pbuf_cat(chain, next);
		}
	}
	pkt_put(p);
	return chain;
}

/* True: there may be more. */
static bool receive(void)
{
	for (unsigned n = 0; n < BATCH_FRAMES; n++) {
		struct pkt *p = netif_recv(device);
		if (p == NULL)
			return false;
		struct pbuf *chain = rx_chain(p);
		if (chain != NULL && station.input(chain, &station) != ERR_OK)
			pbuf_free(chain);
	}
	return true;
}

/* --- sending --------------------------------------------------------------------------------- */

static void release_tx(struct ref *ref)
{
	struct tx_owner *o = (struct tx_owner *)ref;

	pbuf_free(o->pbuf);
	o->next = tx_free;
	tx_free = o;
}

/* The rest of `p` from byte `at` of its first pbuf on, where it lies. */
static bool add_pieces(struct pkt *to, struct pbuf *p, u16_t at)
{
	struct tx_owner *o = tx_free;
	bool whole = true;

	if (o == NULL)
		return false;
	tx_free = o->next;
	*o = (struct tx_owner){.ref = {.count = 1, .release = release_tx}, .pbuf = p};
	pbuf_ref(p);
	for (const struct pbuf *q = p; whole && q != NULL; q = q->next, at = 0)
		whole = pkt_add_piece(to, (struct slice){(const uint8_t *)q->payload + at,
							 (size_t)q->len - at, &o->ref});
	ref_put(&o->ref);
	return whole;
}

/* The checksum is the device's: it wants the sum of the pseudo-header in the field. */
static void request_checksum(struct pkt *p)
{
	uint8_t *ip = p->data + IP_AT;
	unsigned header = (ip[0] & 15u) * 4;
	uint8_t protocol = ip[IP_PROTOCOL_AT];

	if (load_be16(p->data + 12) != 0x0800 || (protocol != TCP && protocol != UDP))
		return;
	uint16_t len = (uint16_t)(load_be16(ip + 2) - header);
	uint32_t sum = csum_add(0, ip + IP_ADDRESSES_AT, 8);
	sum = csum_add_u16(csum_add_u16(sum, protocol), len);
	p->csum_start = (uint16_t)(IP_AT + header);
	p->csum_offset = protocol == TCP ? TCP_CHECKSUM_AT : UDP_CHECKSUM_AT;
	csum_store(p->data + p->csum_start + p->csum_offset, csum_partial(sum));
	p->flags |= PKT_CSUM_PARTIAL;
}

static struct pkt *packet_of(struct pbuf *p)
{
	struct pkt *out = pkt_alloc(tx_pool, PKT_HEADROOM);

	if (out == NULL)
		return NULL;
	bool pieces = p->tot_len > SMALL_BYTES && (device->features & NETIF_SG) != 0;
	u16_t head = pieces ? (u16_t)MIN(p->len, SMALL_BYTES) : p->tot_len;
	if (head > pkt_tailroom(out) || (pieces && !add_pieces(out, p, head))) {
		pkt_put(out);
		return NULL;
	}
	(void)pbuf_copy_partial(p, pkt_append(out, head), head, 0);
	if ((device->features & NETIF_CSUM_TX) != 0)
		request_checksum(out);
	return out;
}

static void send_unsent(void)
{
	struct list *node;

	while ((node = list_pop_front(&unsent)) != NULL) {
		struct pkt *p = list_entry(node, struct pkt, node);
		enum err e = netif_send(device, p);
		if (e == ERR_AGAIN) {
			list_push_front(&unsent, node);
			return;
		}
		if (e != OK)
			pkt_put(p);
	}
}

static err_t send_frame(struct lwip_netif *n, struct pbuf *p)
{
	struct pkt *out = packet_of(p);

	(void)n;
	if (out == NULL)
		return ERR_MEM;
	if (list_empty(&unsent)) {
		enum err e = netif_send(device, out);
		if (e == OK)
			return ERR_OK;
		if (e != ERR_AGAIN) {
			pkt_put(out);
			return ERR_IF;
		}
	}
	list_push_back(&unsent, &out->node);
	return ERR_OK;
}

/* --- the task -------------------------------------------------------------------------------- */

static uint64_t poll(void *self, uint64_t now_us)
{
	(void)self;
	bool more = receive();
	send_unsent();
	sys_check_timeouts();
	netif_flush(device);
	if (more || netif_rx_arm(device))
		return now_us;
	u32_t ms = sys_timeouts_sleeptime();
	return ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? TIME_NEVER : now_us + ms * UINT64_C(1000);
}

/* --- start ----------------------------------------------------------------------------------- */

static err_t init_station(struct lwip_netif *n)
{
	u16_t check = NETIF_CHECKSUM_ENABLE_ALL;

	n->name[0] = 'f';
	n->name[1] = 'a';
	n->mtu = device->mtu;
	n->hwaddr_len = ETH_HWADDR_LEN;
	n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
		   NETIF_FLAG_LINK_UP;
	n->output = etharp_output;
	n->linkoutput = send_frame;
	if ((device->features & NETIF_CSUM_TX) != 0)
		check &= (u16_t) ~(NETIF_CHECKSUM_GEN_TCP | NETIF_CHECKSUM_GEN_UDP);
	if ((device->features & NETIF_CSUM_RX) != 0)
		check &= (u16_t) ~(NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP);
	NETIF_SET_CHECKSUM_CTRL(n, check);
	return ERR_OK;
}

static void fill_pools(void)
{
	for (unsigned i = 0; i < RX_PBUFS; i++) {
		rx_pbufs[i].next = rx_free;
		rx_free = &rx_pbufs[i];
	}
	for (unsigned i = 0; i < TX_OWNERS; i++) {
		tx_owners[i].next = tx_free;
		tx_free = &tx_owners[i];
	}
	list_init(&unsent);
}

static enum err start_device(void)
{
	task_add(&task, "lwip", poll, NULL);
	device->rx = task_waker(&task);
	device->tx = task_waker(&task);
	enum err e = netif_start(device);
	if (e != OK)
		task_remove(&task);
	return e;
}

/* Its prototype, above, has Fata's struct netif. */
#undef netif
enum err lwip_port_start(struct netif *given, struct pkt_pool *tx,
			 const struct lwip_address *address)
{
	const ip4_addr_t addr = {lwip_htonl(address->addr)}, mask = {lwip_htonl(address->mask)},
			 gateway = {lwip_htonl(address->gateway)};

	device = given;
	tx_pool = tx;
	fill_pools();
	lwip_init();
	enum err e = start_device();
	if (e != OK)
		return e;
	memcpy(station.hwaddr, device->mac, ETH_HWADDR_LEN);
	if (netif_add(&station, &addr, &mask, &gateway, NULL, init_station, ethernet_input) == NULL)
		return ERR_NOMEM;
	netif_set_default(&station);
	netif_set_up(&station);
	if (address->addr == 0 && dhcp_start(&station) != ERR_OK)
		return ERR_NOMEM;
	return OK;
}
