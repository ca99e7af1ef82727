/* SPDX-License-Identifier: ISC */
#include "bench/peers/micro/port.h"

#include <string.h>

#include "base/bytes.h"
#include "drivers/net/lan9118/lan9118_internal.h"
#include "hal/board.h"
#include "runtime/loop/loop.h"

static struct netif *device;

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

_Static_assert(ETH_PAD_SIZE == (int)LAN9118_RX_OFFSET, "both put the headers on words");

enum { BATCH_FRAMES = 64, COMMAND_BYTES = 8 };

static struct lwip_netif station;
static struct task task;

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

static struct lan9118 *controller(void)
{
	return lan9118_of(device);
}

/* --- receiving ------------------------------------------------------------------------------- */

/* A frame out of the FIFO; NULL: there was no buffer for it, or it was a bad one. */
static struct pbuf *take(const struct lan9118 *l)
{
	uint32_t status = lan9118_read(l, LAN9118_RX_STATUS);
	uint32_t bytes = LAN9118_RX_STATUS_BYTES(status);
	uint32_t words = (LAN9118_RX_OFFSET + bytes + 3) / 4;
	struct pbuf *p = (status & LAN9118_RX_STATUS_BAD) != 0
				 ? NULL
				 : pbuf_alloc(PBUF_RAW, (u16_t)(words * 4), PBUF_POOL);
	uint32_t *to = p == NULL || p->next != NULL ? NULL : p->payload;

	if (to != NULL) {
		lan9118_get_words(l, to, words);
		pbuf_realloc(p, (u16_t)(ETH_PAD_SIZE + bytes - LAN9118_FCS_BYTES));
		return p;
	}
	for (; words > 0; words--)
		(void)lan9118_read(l, LAN9118_RX_DATA);
	if (p != NULL)
		pbuf_free(p);
	return NULL;
}

/* All that the FIFO shows at a look, as Fata's driver does. True: there may be more. */
static bool receive(void)
{
	const struct lan9118 *l = controller();

	for (unsigned n = 0; n < BATCH_FRAMES;) {
		uint32_t frames = LAN9118_RX_FIFO_FRAMES(lan9118_read(l, LAN9118_RX_FIFO));
		if (frames == 0)
			return false;
		for (n += frames; frames > 0; frames--) {
			struct pbuf *p = take(l);
			if (p != NULL && station.input(p, &station) != ERR_OK)
				pbuf_free(p);
		}
	}
	return true;
}

/* --- sending --------------------------------------------------------------------------------- */

/* A frame's bytes on their way into the FIFO: those that do not fill a word yet. */
struct packer {
	uint32_t word;
	unsigned bytes;
};

static void put_byte(const struct lan9118 *l, struct packer *k, uint8_t byte)
{
	k->word |= (uint32_t)byte << 8 * k->bytes;
	if (++k->bytes == sizeof(k->word)) {
		lan9118_write(l, LAN9118_TX_DATA, k->word);
		*k = (struct packer){0};
	}
}

static void put_bytes(const struct lan9118 *l, struct packer *k, const uint8_t *p, size_t n)
{
	for (; n > 0 && k->bytes > 0; n--)
		put_byte(l, k, *p++);
	p = lan9118_put_words(l, p, n / sizeof(k->word));
	for (n %= sizeof(k->word); n > 0; n--)
		put_byte(l, k, *p++);
}

static err_t send_frame(struct lwip_netif *n, struct pbuf *p)
{
	const struct lan9118 *l = controller();
	u16_t bytes = (u16_t)(p->tot_len - ETH_PAD_SIZE);
	struct packer k = {0};

	(void)n;
	if (LAN9118_TX_FIFO_ROOM(lan9118_read(l, LAN9118_TX_FIFO)) <
	    p->tot_len + 3u + COMMAND_BYTES)
		return ERR_MEM; /* TCP tries again */
	/* With the padding, as it lies aligned in memory: the controller leaves it away. */
	lan9118_write(l, LAN9118_TX_DATA,
		      LAN9118_TX_A_FIRST | LAN9118_TX_A_LAST | LAN9118_TX_A_OFFSET(ETH_PAD_SIZE) |
			      bytes);
	lan9118_write(l, LAN9118_TX_DATA, bytes);
	for (const struct pbuf *q = p; q != NULL; q = q->next)
		put_bytes(l, &k, q->payload, q->len);
	if (k.bytes > 0)
		lan9118_write(l, LAN9118_TX_DATA, k.word);
	return ERR_OK;
}

/* --- the task -------------------------------------------------------------------------------- */

static uint64_t poll(void *self, uint64_t now_us)
{
	(void)self;
	bool more = receive();
	sys_check_timeouts();
	if (more || netif_rx_arm(device))
		return now_us;
	u32_t ms = sys_timeouts_sleeptime();
	return ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? TIME_NEVER : now_us + ms * UINT64_C(1000);
}

/* --- start ----------------------------------------------------------------------------------- */

static err_t init_station(struct lwip_netif *n)
{
	n->name[0] = 'f';
	n->name[1] = 'a';
	n->mtu = device->mtu;
	n->hwaddr_len = ETH_HWADDR_LEN;
	n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
		   NETIF_FLAG_LINK_UP;
	n->output = etharp_output;
	n->linkoutput = send_frame;
	return ERR_OK;
}

static enum err start_device(void)
{
	device = board_netif(0, NULL);
	if (device == NULL)
		return ERR_NODEV;
	task_add(&task, "lwip", poll, NULL);
	device->rx = task_waker(&task);
	device->tx = task_waker(&task);
	return netif_start(device);
}

enum err micro_port_start(const struct micro_address *address)
{
	const ip4_addr_t addr = {lwip_htonl(address->addr)}, mask = {lwip_htonl(address->mask)},
			 gateway = {lwip_htonl(address->gateway)};
	enum err e = start_device();

	if (e != OK)
		return e;
	lwip_init();
	memcpy(station.hwaddr, device->mac, ETH_HWADDR_LEN);
	if (netif_add(&station, &addr, &mask, &gateway, NULL, init_station, ethernet_input) == NULL)
		return ERR_NOMEM;
	netif_set_default(&station);
	netif_set_up(&station);
	if (address->addr == 0 && dhcp_start(&station) != ERR_OK)
		return ERR_NOMEM;
	return OK;
}
