/* SPDX-License-Identifier: ISC */
/*
 * Peers that know the protocols (tests/fuzz/talk.h) talk to a whole stack: IPv4 and IPv6 with
 * fragments, Neighbor Discovery and ICMP, UDP with an echo service at port 7, TCP with one at port
 * 80 and all of its parts. The input is a byte of device features, then steps (enum step). What the
 * stack sends must be well-formed, and when all is over it must hold nothing.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cursor.h"
#include "net/arp/arp.h"
#include "net/eth/eth.h"
#include "net/icmp/icmp.h"
#include "net/icmpv6/icmpv6.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "net/ipv4/fragments/ipv4_fragments.h"
#include "net/ipv4/ipv4.h"
#include "net/ipv6/fragments/ipv6_fragments.h"
#include "net/ipv6/ipv6.h"
#include "net/multihome/multihome.h"
#include "net/ndp/ndp.h"
#include "net/tcp/tcp.h"
#include "net/tcp/tcp_internal.h"
#include "net/udp/udp.h"
#include "tests/fuzz/echo.h"
#include "tests/fuzz/link.h"
#include "tests/fuzz/talk.h"

enum {
	V4_US = 0x0a00020f, /* 10.0.2.15/24 */
	V4_PEER = 0x0a000207,
	MEMORY_BYTES = 128 * 1024,
	TALKS = 4, /* the first half over IPv4 */
	FLOWS = 4,
	PORT = 50000,
	PATCHES = 4,
	STEPS_MAX = 400,
	QUIET_ROUNDS = 40,
};

enum step {
	STEP_TCP,
	STEP_UDP,
	STEP_ICMP,
	STEP_NDP,
	STEP_CUT,   /* the next packet is cut: a fragment of it arrives */
	STEP_PATCH, /* bytes of the next packet are changed */
	STEP_TIME,
	STEP_DEVICE, /* its queue is full, its packets come in pieces, the stack has no memory */
};

enum { DEVICE_FULL = 1, DEVICE_PIECES = 2, DEVICE_NO_MEMORY = 4, DEVICE_NO_NEIGHBOURS = 8 };

static _Alignas(CACHE_LINE_BYTES) uint8_t tcp_memory[MEMORY_BYTES];
static _Alignas(CACHE_LINE_BYTES) uint8_t table_memory[2][MEMORY_BYTES];

static const uint8_t peer_mac[ETH_ADDR_BYTES] = {2, 0, 0, 0, 0, 7};
static const struct reassembly_config tables = {.datagrams = 4, .packets = 32, .large = 1};

static const struct tcp_config config = {
	.connections = 3,
	.half_open = 2,
	.time_wait = 2,
	.listeners = 1,
	.repairs = 2,
	.send_slices = 16,
	.send_bytes = 8192,
	.recv_bytes = 16384,
	.recv_packets = 12,
	.user_timeout_s = 200,
	.keepalive_idle_s = 120,
	.keepalive_interval_s = 20,
	.keepalive_count = 3,
	.recv_initial = 4096,
	.recv_total = 8192,
	.tuning = true,
	.keepalive = &tcp_keepalive,
	.cookies = true,
	.ecn = TCP_ECN_ON,
	.nagle = true,
	.congestion = &tcp_cubic,
	.mtu_probing = true,
	.sack = true,
};

static struct world {
	struct fuzz_link link;
	struct arp arp;
	struct ipv4 ipv4;
	struct icmp icmp;
	struct ndp ndp;
	struct ipv6 ipv6;
	struct icmpv6 icmpv6;
	struct reassembly *table[2];
	struct fragmenter fragmenter4;
	struct ipv6_fragmenter fragmenter6;
	struct multihome both;
	struct udp udp;
	struct fuzz_echo echo;
	struct tcp *tcp;
	struct flow *flow[FLOWS];
	struct talk talk[TALKS];
	uint8_t device;
	uint8_t cut_first, cut_units; /* of the next packet; 0: it comes whole */
	unsigned patches;
	struct {
		uint16_t at;
		uint8_t change;
	} patch[PATCHES];
} w;

/* --- services -------------------------------------------------------------------------------- */

static void forget(struct flow *f)
{
	for (unsigned i = 0; i < FLOWS; i++) {
		if (w.flow[i] == f)
			w.flow[i] = NULL;
	}
}

static void flow_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct slice s;
	enum err e = OK;
	(void)arg, (void)now_us;
	while ((events & FLOW_FAILED) == 0 && (e = flow_read(f, &s)) == OK) {
		ssize_t n = flow_write(f, &s, 1);
		if (n <= 0)
			return;
		flow_consume(f, (size_t)n);
	}
	if (e == ERR_AGAIN)
		return;
	forget(f);
	if (e == ERR_EOF || (events & FLOW_FAILED) != 0)
		flow_close(f);
	else
		flow_abort(f);
}

static void flow_accept(void *arg, struct flow *f, uint64_t now_us)
{
	unsigned i = 0;
	(void)now_us;
	while (i < FLOWS - 1 && w.flow[i] != NULL)
		i++;
	assert(w.flow[i] == NULL);
	w.flow[i] = f;
	f->event = flow_event;
	f->arg = arg;
}

/* --- what is sent ---------------------------------------------------------------------------- */

static void check_sum(const struct ip_meta *meta, const uint8_t *l4, size_t bytes)
{
	uint32_t acc = meta->proto == IP_PROTO_ICMP ? 0 : ip_pseudo_sum(meta, (uint32_t)bytes);
	assert(csum_fold(csum_add(acc, l4, bytes)) == 0);
}

/* A whole packet to a peer: whoever of the talks it belongs to hears it. */
static void tell(const struct ip_meta *meta, const uint8_t *packet, size_t len, const uint8_t *l4)
{
	for (unsigned i = 0; i < TALKS; i++) {
		struct talk *t = &w.talk[i];
		bool ports = meta->proto == IP_PROTO_TCP || meta->proto == IP_PROTO_UDP;
		if (ip_addr_equal(&t->peer, &meta->dst) && (!ports || load_be16(l4 + 2) == t->port))
			talk_heard(t, packet, len);
	}
}

static void check_ipv4(const uint8_t *ip, size_t len, uint8_t flags)
{
	assert(len >= 28 && ip[0] == 0x45 && load_be16(ip + 2) == len);
	assert(csum_fold(csum_add(0, ip, 20)) == 0 && load_be32(ip + 12) == V4_US);
	assert((flags & PKT_GSO_TCP4) != 0 || len <= TALK_PACKET_MAX);
	const struct ip_meta meta = {.src = ip_addr_from_v4(V4_US),
				     .dst = ip_addr_from_v4(load_be32(ip + 16)),
				     .proto = ip[9]};
	if ((load_be16(ip + 6) & 0x3fff) != 0)
		return; /* a fragment */
	if ((flags & PKT_CSUM_PARTIAL) == 0)
		check_sum(&meta, ip + 20, len - 20);
	tell(&meta, ip, len, ip + 20);
}

static void check_ipv6(const uint8_t *ip, size_t len, uint8_t flags)
{
	struct ipv6_header h;
	bool whole = ipv6_header_parse(&h, ip, len);
	assert(whole && len == IPV6_HEADER_BYTES + (size_t)h.payload_bytes);
	assert((flags & PKT_GSO_TCP6) != 0 || len <= TALK_PACKET_MAX);
	assert(!ndp_owns(&w.ndp, &h.meta.dst));
	const uint8_t *l4 = ip + IPV6_HEADER_BYTES;
	if (h.meta.proto == IPV6_FRAGMENT)
		return;
	if ((flags & PKT_CSUM_PARTIAL) == 0)
		check_sum(&h.meta, l4, h.payload_bytes);
	tell(&h.meta, ip, len, l4);
}

/* Checks and frees what was sent; true if somebody asked for the peer's station address. */
static bool check_sent(void)
{
	static uint8_t frame[NETIF_FAKE_FRAME_MAX];
	bool asked = false;
	struct pkt *p;
	while ((p = netif_fake_take(&w.link.fake)) != NULL) {
		size_t len = netif_fake_flatten(p, frame, sizeof(frame));
		const uint8_t *packet = frame + ETH_HEADER_BYTES;
		assert(len > ETH_HEADER_BYTES && memcmp(frame + 6, w.link.fake.netif.mac, 6) == 0);
		size_t bytes = len - ETH_HEADER_BYTES;
		switch (load_be16(frame + 12)) {
		case ETH_TYPE_IPV4:
			check_ipv4(packet, bytes, p->flags);
			break;
		case ETH_TYPE_IPV6:
			check_ipv6(packet, bytes, p->flags);
			asked |= packet[6] == IP_PROTO_ICMPV6 && packet[IPV6_HEADER_BYTES] == 135;
			break;
		default:
			assert(load_be16(frame + 12) == ETH_TYPE_ARP && bytes == 28);
			asked = true;
		}
		pkt_put(p);
	}
	return asked;
}

/* --- what arrives ---------------------------------------------------------------------------- */

static uint64_t poll_once(void)
{
	uint64_t due_us = TIME_NEVER;
	eth_poll_begin(&w.link.eth, w.link.now_us);
	for (unsigned i = 0; i < 2; i++)
		due_us = time_earlier(due_us, reassembly_poll(w.table[i], w.link.now_us));
	due_us = time_earlier(due_us, ndp_poll(&w.ndp, w.link.now_us));
	due_us = time_earlier(due_us, tcp_poll(w.tcp, w.link.now_us));
	due_us = time_earlier(due_us, arp_poll(&w.arp, w.link.now_us));
	return eth_poll_end(&w.link.eth, w.link.now_us, due_us);
}

static void inject(uint16_t type, const uint8_t *packet, size_t len)
{
	static uint8_t frame[ETH_HEADER_BYTES + TALK_PACKET_MAX + 64];
	assert(len <= sizeof(frame) - ETH_HEADER_BYTES);
	memcpy(frame, w.link.fake.netif.mac, ETH_ADDR_BYTES);
	memcpy(frame + 6, peer_mac, ETH_ADDR_BYTES);
	store_be16(frame + 12, type);
	memcpy(frame + ETH_HEADER_BYTES, packet, len);
	(void)netif_fake_inject(&w.link.fake, frame, ETH_HEADER_BYTES + len);
}

/* The peer says where it is: by ARP, and by an advertisement of its own. */
static void introduce(void)
{
	static const uint8_t advert[] = {3, 0x60, 0, 4, 2, 1, 2, 0, 0, 0, 0, 7};
	uint8_t arp[28] = {0, 1, 8, 0, 6, 4, 0, 2}, packet[TALK_PACKET_MAX];
	struct cursor c = cursor_over(advert, sizeof(advert));
	memcpy(arp + 8, peer_mac, 6);
	store_be32(arp + 14, V4_PEER);
	memcpy(arp + 18, w.link.fake.netif.mac, 6);
	store_be32(arp + 24, V4_US);
	inject(ETH_TYPE_ARP, arp, sizeof(arp));
	inject(ETH_TYPE_IPV6, packet, talk_ndp(&w.talk[TALKS - 1], &c, packet));
}

static void settle(void)
{
	for (unsigned i = 0; i < 8; i++) {
		uint64_t due_us = poll_once();
		if (check_sent() && (w.device & DEVICE_NO_NEIGHBOURS) == 0)
			introduce();
		else if (due_us > w.link.now_us)
			break;
	}
}

static void deliver(uint8_t *packet, size_t len)
{
	if (w.cut_units > 0)
		len = talk_cut(packet, len, w.cut_first, w.cut_units);
	w.cut_units = 0;
	for (; w.patches > 0; w.patches--) {
		size_t at = w.patch[w.patches - 1].at;
		if (at < len)
			packet[at] ^= w.patch[w.patches - 1].change;
	}
	if ((w.device & DEVICE_NO_MEMORY) != 0)
		fuzz_link_starve(&w.link);
	inject(packet[0] >> 4 == 6 ? ETH_TYPE_IPV6 : ETH_TYPE_IPV4, packet, len);
	settle();
	fuzz_link_feed(&w.link);
}

static void set_device(uint8_t device)
{
	w.device = device;
	w.link.fake.queue_max = (device & DEVICE_FULL) != 0 ? 0 : 256;
	w.link.fake.rx_first_max = (device & DEVICE_PIECES) != 0 ? 80 : 0;
}

static void add_patch(struct cursor *c)
{
	if (w.patches < PATCHES) {
		w.patch[w.patches].at = cursor_be16(c) % TALK_PACKET_MAX;
		w.patch[w.patches++].change = cursor_u8(c);
	}
}

static void take_step(struct cursor *c)
{
	uint8_t packet[TALK_PACKET_MAX + 64], op = cursor_u8(c);
	const struct talk *t = &w.talk[op >> 3 & (TALKS - 1)];
	switch ((enum step)(op & 7)) {
	case STEP_TCP:
		deliver(packet, talk_tcp(t, c, packet));
		break;
	case STEP_UDP:
		deliver(packet, talk_udp(t, c, packet));
		break;
	case STEP_ICMP:
		deliver(packet, talk_icmp(t, c, packet));
		break;
	case STEP_NDP:
		deliver(packet, talk_ndp(&w.talk[TALKS - 1], c, packet));
		break;
	case STEP_CUT:
		w.cut_first = cursor_u8(c);
		w.cut_units = cursor_u8(c);
		break;
	case STEP_PATCH:
		add_patch(c);
		break;
	case STEP_TIME:
		w.link.now_us += UINT64_C(1000) << (op >> 3) % 20; /* up to nine minutes */
		settle();
		break;
	case STEP_DEVICE:
		set_device(op >> 3);
		settle();
		break;
	}
}

/* --- the world ------------------------------------------------------------------------------- */

static void start_ip(void)
{
	const struct ipv4_prefix prefix = {.addr = V4_US, .bits = 24};
	const struct ndp_config ndp = {.address = {w.talk[TALKS - 1].us, 64}, .secret = "secret"};
	w.link.fake.rx_chunk_max = 301;
	enum err e = arp_init(&w.arp, &w.link.eth, &w.link.tx);
	e = e == OK ? ipv4_start(&w.ipv4, &w.link.eth, &w.arp, prefix, 0, w.link.now_us) : e;
	e = e == OK ? icmp_init(&w.icmp, &w.ipv4, &w.link.tx) : e;
	e = e == OK ? ndp_start(&w.ndp, &w.link.eth, &w.link.tx, &w.link.rng, &ndp, w.link.now_us)
		    : e;
	e = e == OK ? ipv6_start(&w.ipv6, &w.link.eth, &w.ndp) : e;
	e = e == OK ? icmpv6_init(&w.icmpv6, &w.ipv6, &w.link.tx) : e;
	assert(e == OK && reassembly_memory_bytes(&tables) <= MEMORY_BYTES);
	w.table[0] = ipv4_reassembly_init(&w.ipv4, table_memory[0], &tables);
	w.table[1] = ipv6_reassembly_init(&w.ipv6, table_memory[1], &tables);
	ipv4_fragmenter_init(&w.fragmenter4, &w.ipv4, &w.link.tx, &w.link.rng);
	ipv6_fragmenter_init(&w.fragmenter6, &w.ipv6, &w.link.tx, &w.link.rng);
	multihome_init(&w.both, (struct ip *const[]){&w.ipv4.ip, &w.ipv6.ip}, 2);
}

static void start_transports(void)
{
	enum err e = udp_init(&w.udp, &w.both.ip, &w.link.rng);
	fuzz_echo_open(&w.echo, &w.udp);
	assert(e == OK && tcp_memory_bytes(&config) <= sizeof(tcp_memory));
	e = tcp_init(&w.tcp, tcp_memory, &config, &w.both.ip, &w.link.tx, &w.link.rng,
		     (struct waker){0});
	e = e == OK ? tcp_listen(w.tcp, 80, flow_accept, NULL) : e;
	assert(e == OK);
}

static void start(uint32_t features)
{
	memset(&w, 0, sizeof(w));
	fuzz_link_start(&w.link, features);
	for (unsigned i = 0; i < TALKS; i++) {
		struct talk *t = &w.talk[i];
		t->us = ip_addr_from_v4(V4_US);
		t->peer = ip_addr_from_v4(V4_PEER);
		if (i >= TALKS / 2) {
			t->us = (struct ip_addr){
				{__builtin_bswap32(0xfd000000), 0, 0, __builtin_bswap32(2)}};
			t->peer = (struct ip_addr){
				{__builtin_bswap32(0xfd000000), 0, 0, __builtin_bswap32(7)}};
		}
		t->port = (uint16_t)(PORT + i);
		t->seq = 1000;
	}
	start_ip();
	start_transports();
	for (unsigned i = 0; i < 4; i++) { /* until our addresses are nobody else's */
		(void)poll_once();
		(void)check_sent();
		w.link.now_us += US_PER_S;
	}
	introduce();
	settle();
}

/* Nobody says any more: after some minutes nothing may be held. */
static void stop(void)
{
	set_device(DEVICE_NO_NEIGHBOURS);
	for (unsigned i = 0; i < QUIET_ROUNDS; i++) {
		for (unsigned f = 0; f < FLOWS; f++) {
			struct flow *flow = w.flow[f];
			w.flow[f] = NULL;
			if (flow != NULL)
				flow_abort(flow);
		}
		settle();
		w.link.now_us += 30 * (uint64_t)US_PER_S;
	}
	assert(tcp_connections(w.tcp) == 0 && w.tcp->held == 0);
	assert(w.tcp->slices.used == 0 && w.tcp->time_waits.used == 0);
	for (unsigned i = 0; i < 2; i++)
		reassembly_clear(w.table[i]);
	neighbours_clear(&w.ndp.neighbours);
	neighbours_clear(&w.arp.neighbours);
	fuzz_link_fini(&w.link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(data, size);
	uint32_t features = cursor_u8(&c) & 0x1f;
	if ((features & NETIF_CSUM_TX) == 0) /* no device cuts segments without checksums */
		features &= ~(uint32_t)(NETIF_TSO4 | NETIF_TSO6);
	start(features);
	for (unsigned i = 0; i < STEPS_MAX && c.left > 0; i++)
		take_step(&c);
	stop();
	return 0;
}
