/* SPDX-License-Identifier: ISC */
/*
 * Frames into IPv6: Neighbor Discovery with name servers, ICMPv6, extension headers, fragments, and
 * UDP with an echo service at port 7. The input is a byte of device features and of where addresses
 * come from, then steps: how to deliver (enum step), the time that passes, the length of the packet
 * as two bytes, the packet from its IPv6 header on. What is sent must be well-formed and ours.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cursor.h"
#include "net/eth/eth.h"
#include "net/icmpv6/icmpv6.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "net/ipv6/fragments/ipv6_fragments.h"
#include "net/ipv6/ipv6.h"
#include "net/ipv6/ipv6_chain.h"
#include "net/ndp/ndp.h"
#include "net/ndp/servers.h"
#include "net/udp/udp.h"
#include "tests/fuzz/echo.h"
#include "tests/fuzz/link.h"

enum {
	PACKET_MAX = 1500,
	POLLS_AT_END = 30,
	MEMORY_BYTES = 80 * 1024,
	STATIC = 1 << 5, /* of the first byte: the address fd00::2/64, and no router */
};

enum step {
	STEP_FIX_CHECKSUM = 1 << 0,
	STEP_FROM_LINK = 1 << 1,  /* hop limit 255 */
	STEP_TO_US = 1 << 2,      /* to one of our addresses, which one the time says */
	STEP_TO_GROUP = 1 << 3,   /* the same, to its group */
	STEP_OUR_TARGET = 1 << 4, /* Neighbor Discovery about one of our addresses */
	STEP_IN_PIECES = 1 << 5,
	STEP_DEVICE_FULL = 1 << 6,
	STEP_NO_MEMORY = 1 << 7,
};

static _Alignas(CACHE_LINE_BYTES) uint8_t memory[MEMORY_BYTES];

static const struct reassembly_config config = {.datagrams = 6, .packets = 64, .large = 1};

struct world {
	struct fuzz_link link;
	struct ndp ndp;
	struct ndp_servers servers;
	struct ipv6 ipv6;
	struct icmpv6 icmpv6;
	struct reassembly *table;
	struct ipv6_fragmenter fragmenter;
	struct udp udp;
	struct fuzz_echo echo;
};

/* --- what is sent ---------------------------------------------------------------------------- */

static bool is_discovery(uint8_t type)
{
	return type >= 133 && type <= 137;
}

static void check_ipv6(struct world *w, const uint8_t *ip, size_t len, uint8_t flags)
{
	struct ipv6_header h;
	bool whole = ipv6_header_parse(&h, ip, len);
	assert(whole && len == IPV6_HEADER_BYTES + (size_t)h.payload_bytes && len <= PACKET_MAX);
	assert(h.meta.proto == IP_PROTO_ICMPV6 || h.meta.proto == IP_PROTO_UDP ||
	       h.meta.proto == IPV6_FRAGMENT);
	const uint8_t *l4 = ip + IPV6_HEADER_BYTES;
	if (h.meta.proto == IP_PROTO_ICMPV6 && is_discovery(l4[0]))
		assert(h.meta.ttl == 255);
	else /* what waited for a neighbour may be from an address that has gone since */
		assert(ipv6_addr_is_host(&h.meta.src));
	assert(!ndp_owns(&w->ndp, &h.meta.dst));
	if ((flags & PKT_CSUM_PARTIAL) != 0 || h.meta.proto == IPV6_FRAGMENT)
		return;
	uint32_t sum = ip_pseudo_sum(&h.meta, h.payload_bytes);
	assert(csum_fold(csum_add(sum, l4, h.payload_bytes)) == 0);
}

static void check_sent(struct world *w)
{
	static uint8_t frame[NETIF_FAKE_FRAME_MAX];
	struct pkt *p;
	while ((p = netif_fake_take(&w->link.fake)) != NULL) {
		size_t len = netif_fake_flatten(p, frame, sizeof(frame));
		assert(len >= ETH_HEADER_BYTES && load_be16(frame + 12) == ETH_TYPE_IPV6);
		check_ipv6(w, frame + ETH_HEADER_BYTES, len - ETH_HEADER_BYTES, p->flags);
		pkt_put(p);
	}
	assert(w->ndp.neighbours.waiting <= NEIGHBOUR_WAITING_MAX + NEIGHBOURS_MAX);
}

/* --- what arrives ---------------------------------------------------------------------------- */

static void fix_checksum(uint8_t *ip, size_t len)
{
	size_t at;
	uint8_t proto = ipv6_chain_skip(ip, len, &at);
	size_t field = proto == IP_PROTO_UDP ? 6 : 2, bytes = len - at;
	if ((proto != IP_PROTO_UDP && proto != IP_PROTO_ICMPV6) || bytes < field + 2)
		return;
	const struct ip_meta meta = {
		.src = ipv6_addr_load(ip + 8), .dst = ipv6_addr_load(ip + 24), .proto = proto};
	store_be16(ip + at + field, 0);
	uint16_t sum = csum_fold(csum_add(ip_pseudo_sum(&meta, (uint32_t)bytes), ip + at, bytes));
	csum_store(ip + at + field, sum != 0 ? sum : UINT16_MAX);
}

/* What the input cannot know: our addresses. */
static void aim(struct world *w, uint8_t step, uint8_t which, uint8_t *ip, size_t len)
{
	const struct ip_addr *own = &w->ndp.addr[which % NDP_ADDRS_MAX].addr;
	const struct ip_addr group = ipv6_solicited_node(own);
	if (len < IPV6_HEADER_BYTES)
		return;
	if ((step & STEP_FROM_LINK) != 0)
		ip[7] = 255;
	if ((step & (STEP_TO_US | STEP_TO_GROUP)) != 0)
		memcpy(ip + 24, (step & STEP_TO_US) != 0 ? own : &group, sizeof(*own));
	if ((step & STEP_OUR_TARGET) != 0 && len >= IPV6_HEADER_BYTES + 24)
		memcpy(ip + IPV6_HEADER_BYTES + 8, own, sizeof(*own));
	if ((step & STEP_FIX_CHECKSUM) != 0) {
		store_be16(ip + 4, (uint16_t)(len - IPV6_HEADER_BYTES));
		fix_checksum(ip, len);
	}
}

static uint64_t poll_once(struct world *w)
{
	eth_poll_begin(&w->link.eth, w->link.now_us);
	uint64_t due_us = reassembly_poll(w->table, w->link.now_us);
	due_us = time_earlier(due_us, ndp_poll(&w->ndp, w->link.now_us));
	return eth_poll_end(&w->link.eth, w->link.now_us, due_us);
}

static void poll(struct world *w)
{
	for (unsigned i = 0; i < 8; i++) {
		if (poll_once(w) > w->link.now_us)
			break;
	}
}

static void deliver(struct world *w, uint8_t step, const uint8_t *frame, size_t len)
{
	if ((step & STEP_NO_MEMORY) != 0)
		fuzz_link_starve(&w->link);
	w->link.fake.rx_first_max = (step & STEP_IN_PIECES) != 0 ? 80 : 0;
	w->link.fake.queue_max = (step & STEP_DEVICE_FULL) != 0 ? 0 : 256;
	(void)netif_fake_inject(&w->link.fake, frame, len);
	poll(w);
	fuzz_link_feed(&w->link);
	check_sent(w);
}

static void address_frame(struct world *w, uint8_t *frame)
{
	static const uint8_t peer[6] = {2, 0, 0, 0, 0, 7};
	const struct ip_addr dst = ipv6_addr_load(frame + ETH_HEADER_BYTES + 24);
	memcpy(frame, w->link.fake.netif.mac, ETH_ADDR_BYTES);
	if (ipv6_addr_is_group(&dst))
		eth_group_addr(&dst, frame);
	memcpy(frame + 6, peer, sizeof(peer));
	store_be16(frame + 12, ETH_TYPE_IPV6);
}

/* False when the input is used up. */
static bool take_step(struct world *w, struct cursor *c)
{
	static uint8_t frame[ETH_HEADER_BYTES + PACKET_MAX];
	uint8_t step = cursor_u8(c), time = cursor_u8(c);
	size_t len = cursor_be16(c) % (PACKET_MAX + 1);
	if (!cursor_ok(c))
		return false;
	len = MIN(len, c->left);
	memset(frame, 0, sizeof(frame));
	memcpy(frame + ETH_HEADER_BYTES, cursor_bytes(c, len), len);
	aim(w, step, time, frame + ETH_HEADER_BYTES, len);
	address_frame(w, frame);
	w->link.now_us += UINT64_C(1) << time % 36; /* up to nine hours */
	deliver(w, step, frame, ETH_HEADER_BYTES + len);
	return true;
}

/* --- the world ------------------------------------------------------------------------------- */

static void start(struct world *w, uint32_t features, bool is_static)
{
	struct ndp_config ndp = {.secret = "secret"};
	if (is_static)
		ndp.address = (struct ipv6_prefix){
			{{__builtin_bswap32(0xfd000000), 0, 0, __builtin_bswap32(2)}}, 64};
	fuzz_link_start(&w->link, features);
	w->link.fake.rx_chunk_max = 301;
	enum err e =
		ndp_start(&w->ndp, &w->link.eth, &w->link.tx, &w->link.rng, &ndp, w->link.now_us);
	assert(e == OK);
	ndp_servers_init(&w->servers, &w->ndp);
	e = ipv6_start(&w->ipv6, &w->link.eth, &w->ndp);
	assert(e == OK);
	e = icmpv6_init(&w->icmpv6, &w->ipv6, &w->link.tx);
	assert(e == OK);
	assert(reassembly_memory_bytes(&config) <= sizeof(memory));
	w->table = ipv6_reassembly_init(&w->ipv6, memory, &config);
	ipv6_fragmenter_init(&w->fragmenter, &w->ipv6, &w->link.tx, &w->link.rng);
	e = udp_init(&w->udp, &w->ipv6.ip, &w->link.rng);
	assert(e == OK);
	fuzz_echo_open(&w->echo, &w->udp);
}

static void stop(struct world *w)
{
	reassembly_clear(w->table);
	neighbours_clear(&w->ndp.neighbours);
	fuzz_link_fini(&w->link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	struct cursor c = cursor_over(data, size);
	uint8_t first = cursor_u8(&c);
	memset(&w, 0, sizeof(w));
	start(&w, first & (NETIF_CSUM_TX | NETIF_CSUM_RX | NETIF_SG), (first & STATIC) != 0);
	while (take_step(&w, &c))
		continue;
	w.link.fake.queue_max = 256;
	for (unsigned i = 0; i < POLLS_AT_END; i++) {
		uint64_t deadline_us = poll_once(&w);
		check_sent(&w);
		if (deadline_us == TIME_NEVER)
			break;
		w.link.now_us = MAX(deadline_us, w.link.now_us + 1);
	}
	stop(&w);
	return 0;
}
