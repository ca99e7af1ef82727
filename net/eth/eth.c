/* SPDX-License-Identifier: ISC */
#include "net/eth/eth.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/counter.h"
#include "base/inet.h"

#define LOG_MODULE "eth"
#include "net/eth/eth_log.h"

const uint8_t eth_broadcast[ETH_ADDR_BYTES] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

UNGUARDED SELDOM void eth_log(enum log_level level, const char *module, const char *format,
			      const struct netif *netif, const uint8_t *mac)
{
	static const char digits[] = "0123456789abcdef";
	char text[3 * ETH_ADDR_BYTES], *at = text;
	if (!log_is_kept)
		return;
	for (unsigned i = 0; i < ETH_ADDR_BYTES; i++) {
		*at++ = digits[mac[i] >> 4];
		*at++ = digits[mac[i] & 15];
		*at++ = ':';
	}
	at[-1] = '\0';
	log_write(level, module, format, netif->name, text, (unsigned)netif->mtu);
}

void eth_start(struct eth *eth, struct netif *netif, struct pkt_pool *tx, struct waker work)
{
	*eth = (struct eth){.netif = netif, .tx = tx, .work = work};
	netif->rx = work;
	netif->tx = work;
	enum err e = netif_start(netif);
	if (e != OK) {
		netif->link_up = false;
		log_error_brief(netif->name, "does not start",
				"%s: does not start: %s; going on without it", netif->name,
				err_str(e));
		return;
	}
	memcpy(&eth->station, netif->mac, ETH_ADDR_BYTES);
	eth_log(LOG_INFO, LOG_MODULE, "%s: mac %s mtu %u", netif, netif->mac);
}

void eth_stop(struct eth *eth)
{
	netif_stop(eth->netif);
}

/* The latest is first: ARP and others that few frames are for are bound before. */
static const struct eth_binding *find_binding(const struct eth *eth, uint16_t type)
{
	for (const struct eth_binding *b = eth->binding; b->input != NULL; b++) {
		if (b->type == type)
			return b;
	}
	return NULL;
}

enum err eth_bind(struct eth *eth, uint16_t type, eth_input_fn *input, void *self)
{
	if (find_binding(eth, type) != NULL)
		return ERR_EXISTS;
	if (eth->n_bindings == ETH_BINDINGS_MAX)
		return ERR_NOMEM;
	memmove(&eth->binding[1], &eth->binding[0], eth->n_bindings * sizeof(eth->binding[0]));
	eth->n_bindings++;
	eth->binding[0] = (struct eth_binding){.type = type, .input = input, .self = self};
	return OK;
}

/* The index of `group` in the table, or n_groups. */
static SELDOM unsigned find_group(const struct eth *eth, const uint8_t *group)
{
	unsigned i = 0;
	while (i < eth->n_groups && !eth_addr_equal(eth->group[i].addr, group))
		i++;
	return i;
}

/* What an interface that filters lets through; what it lets through besides is dropped here. */
static SELDOM void filter(const struct eth *eth, const uint8_t *group, bool wanted)
{
	if (eth->netif->filter != NULL)
		eth->netif->filter(eth->netif, group, wanted);
}

SELDOM enum err eth_join(struct eth *eth, const uint8_t group[ETH_ADDR_BYTES])
{
	assert(eth_addr_is_group(group));
	unsigned i = find_group(eth, group);
	if (i == eth->n_groups) {
		if (eth->n_groups == ETH_GROUPS_MAX)
			return ERR_NOMEM;
		memcpy(eth->group[eth->n_groups++].addr, group, ETH_ADDR_BYTES);
		eth->group[i].users = 0;
		filter(eth, group, true);
	}
	if (eth->group[i].users == UINT16_MAX)
		return ERR_NOMEM;
	eth->group[i].users++;
	return OK;
}

void eth_leave(struct eth *eth, const uint8_t group[ETH_ADDR_BYTES])
{
	unsigned i = find_group(eth, group);
	assert(i < eth->n_groups);
	if (--eth->group[i].users > 0)
		return;
	filter(eth, group, false);
	eth->group[i] = eth->group[--eth->n_groups];
}

static bool is_wanted_group(const struct eth *eth, const uint8_t *dst)
{
	return eth_addr_is_group(dst) &&
	       (eth_addr_equal(dst, eth_broadcast) ||
		(!inet_is_bare() && find_group(eth, dst) < eth->n_groups));
}

/* Both addresses by one comparison: ours as the receiver's, and the group bit of the sender's. */
static bool is_between_stations(const struct eth *eth, const uint8_t *header)
{
	return (load_le64(header) & UINT64_C(0x1ffffffffffff)) == eth->station;
}

/* Why a frame that is not between stations is dropped: the counter, or NULL if it is for us. */
static uint32_t *reason_to_drop(struct eth *eth, const uint8_t *header)
{
	if (!is_wanted_group(eth, header) && !eth_addr_equal(header, eth->netif->mac))
		return COUNTER_AT(eth->stats.not_for_us);
	return eth_addr_is_group(header + ETH_ADDR_BYTES) ? COUNTER_AT(eth->stats.bad_source)
							  : NULL;
}

static void drop(struct pkt *p, uint32_t *counter)
{
	COUNT_AT(counter);
	pkt_put(p);
}

void eth_input(struct eth *eth, uint64_t now_us, struct pkt *p)
{
	uint8_t *header = p->data;
	uint32_t len = p->len;
	if (UNLIKELY(len < ETH_HEADER_BYTES)) {
		drop(p, COUNTER_AT(eth->stats.runts));
		return;
	}
	bool group = false;
	if (UNLIKELY(!is_between_stations(eth, header))) {
		uint32_t *reason = reason_to_drop(eth, header);
		if (reason != NULL) {
			drop(p, reason);
			return;
		}
		group = eth_addr_is_group(header);
	}
	const struct eth_binding *b = find_binding(eth, load_be16(header + 12));
	if (UNLIKELY(b == NULL)) {
		drop(p, COUNTER_AT(eth->stats.unknown_type));
		return;
	}
	COUNT(eth->stats.in);
	p->data = header + ETH_HEADER_BYTES;
	p->len = len - ETH_HEADER_BYTES;
	p->l3 = (uint16_t)pkt_headroom(p);
	b->input(b->self, now_us, p, group);
}

/* Hands received frames in about ETH_BATCH packets up; true if so many came that more may wait. */
static bool receive(struct eth *eth, uint64_t now_us)
{
	for (unsigned n = 0; n < ETH_BATCH;) {
		struct pkt *p = netif_recv(eth->netif);
		if (p == NULL)
			return false;
		n += 1 + p->rest_bytes / ETH_RUN_BYTES;
		eth_input(eth, now_us, p);
	}
	return true;
}

HOT(device) void eth_poll_begin(struct eth *eth, uint64_t now_us)
{
	eth_batch_begin(eth);
	eth->more = receive(eth, now_us);
}

uint64_t eth_poll_end(struct eth *eth, uint64_t now_us, uint64_t deadline_us)
{
	eth_batch_end(eth);
	/* Without asking for interrupts when the next poll comes at once anyway. */
	if (eth->more || netif_rx_arm(eth->netif))
		return now_us;
	return deadline_us;
}

/* Appends the pieces' bytes to the buffer of `to`. The tailroom must suffice. */
static void copy_pieces(struct pkt *to, const struct pkt *from)
{
	for (unsigned i = 0; i < from->n_pieces; i++) {
		const struct slice *s = &from->piece[i];
		memcpy(pkt_append(to, (uint32_t)s->len), s->data, s->len);
	}
}

/* A packet of one piece with the bytes and requests of `p`, which stays as it is. */
static enum err copy_linear(struct pkt_pool *pool, const struct pkt *p, size_t bytes,
			    struct pkt **out)
{
	const uint32_t headroom = PKT_HEADROOM - ETH_HEADER_BYTES; /* our header is there already */
	if (bytes > pool->buf_bytes || headroom > pool->buf_bytes - bytes)
		return ERR_INVALID;
	struct pkt *copy = pkt_alloc(pool, headroom);
	if (copy == NULL)
		return ERR_NOMEM;
	memcpy(pkt_append(copy, p->len), p->data, p->len);
	copy_pieces(copy, p);
	copy->flags = p->flags;
	copy->csum_start = p->csum_start;
	copy->csum_offset = p->csum_offset;
	copy->gso_bytes = p->gso_bytes;
	copy->gso_header = p->gso_header;
	*out = copy;
	return OK;
}

/*
 * The packet in one piece: itself with the pieces copied into its own tailroom, else a copy.
 * In its own buffer only if nobody else can see it, since its length changes.
 */
static enum err linearise(struct eth *eth, struct pkt *p, struct pkt **out)
{
	size_t bytes = pkt_bytes(p);
	COUNT(eth->stats.linearised);
	if (p->ref.count > 1 || bytes - p->len > pkt_tailroom(p))
		return copy_linear(eth->tx, p, bytes, out);
	uint32_t first = p->len;
	copy_pieces(p, p);
	uint32_t whole = p->len;
	p->len = first;
	pkt_trim(p, first); /* drops the pieces and their owners */
	p->len = whole;
	*out = p;
	return OK;
}

/* For a device that takes no pieces. */
static NOINLINE enum err send_linear(struct eth *eth, struct pkt *p)
{
	struct pkt *linear = p;
	enum err e = linearise(eth, p, &linear);
	if (e == OK)
		e = netif_send(eth->netif, linear);
	if (linear == p)
		return e;
	/* One of the two is no longer needed. */
	if (e == OK) {
		pkt_pop_header(p, ETH_HEADER_BYTES); /* somebody else may have it, too */
		pkt_put(p);
	} else {
		pkt_put(linear);
	}
	return e;
}

HOT(device)
inline enum err eth_output(struct eth *eth, struct pkt *p, const uint8_t dst[ETH_ADDR_BYTES],
			   uint16_t type)
{
	uint8_t *header = netif_push_header(p, ETH_HEADER_BYTES);
	enum err e;
	/* By words: of a longer copy the compiler makes a call on small processors. The station has
	 * two bytes more than it needs. */
	if (sizeof(size_t) < sizeof(eth->station)) {
		store_le32(header + ETH_ADDR_BYTES, (uint32_t)eth->station);
		store_le32(header + ETH_ADDR_BYTES + 4, (uint32_t)(eth->station >> 32));
	} else {
		store_le64(header + ETH_ADDR_BYTES, eth->station);
	}
	store_le32(header, load_le32(dst));
	store_le16(header + 4, load_le16(dst + 4));
	store_be16(header + 12, type);
	if (LIKELY(p->n_pieces == 0 || (netif_features_of(eth->netif->features) & NETIF_SG) != 0))
		e = netif_send(eth->netif, p);
	else
		e = send_linear(eth, p);
	if (UNLIKELY(e != OK)) {
		pkt_pop_header(p, ETH_HEADER_BYTES);
		COUNT(eth->stats.refused);
		return e;
	}
	COUNT(eth->stats.out);
	eth->unflushed = true;
	eth_want_batch(eth);
	return OK;
}
