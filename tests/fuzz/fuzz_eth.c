/* SPDX-License-Identifier: ISC */
/*
 * Frames into a whole stack: Ethernet, ARP, IPv4, ICMP, UDP with an echo service at port 7, TCP
 * with one at port 80. The input is a byte of device features, then steps: how to deliver (enum
 * step), the time that passes, the length of the frame as two bytes, for STEP_VNET the virtio
 * header of a device that coalesces, the frame. What the stack sends must be well-formed.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cursor.h"
#include "drivers/net/vnet/vnet.h"
#include "net/arp/arp.h"
#include "net/eth/eth.h"
#include "net/icmp/icmp.h"
#include "net/ipv4/ipv4.h"
#include "net/tcp/tcp.h"
#include "net/udp/udp.h"
#include "tests/fuzz/echo.h"
#include "tests/fuzz/link.h"

enum {
	ADDR = 0x0a00020f, /* 10.0.2.15/24 */
	GATEWAY = 0x0a000202,
	L4 = 34,
	TCP_MEMORY_BYTES = 64 * 1024,
	FRAME_MAX = 1514,
	COALESCED_MAX = 8192,
	RUN_FIRST = VNET_FIRST_MIN,
	POLLS_AT_END = 20,
};

enum step {
	STEP_FIX_CHECKSUMS = 1 << 0,
	STEP_DEVICE_VOUCHES = 1 << 1, /* PKT_CSUM_OK */
	STEP_IN_PIECES = 1 << 2,
	STEP_CONTINUE = 1 << 3, /* a TCP segment answers the last one that was sent */
	STEP_DEVICE_FULL = 1 << 4,
	STEP_NO_MEMORY = 1 << 5, /* the stack finds its pool empty */
	STEP_VNET = 1 << 6,
};

static _Alignas(CACHE_LINE_BYTES) uint8_t tcp_memory[TCP_MEMORY_BYTES];

static const struct tcp_config config = {
	.sack = true,
	.connections = 4,
	.half_open = 4,
	.time_wait = 2,
	.listeners = 1,
	.send_slices = 16,
	.send_bytes = 8192,
	.recv_bytes = 8192,
	.recv_packets = 8,
};

struct conversation {
	uint16_t local, remote; /* ports */
	uint32_t peer, seq, ack;
};

struct world {
	struct fuzz_link link;
	struct arp arp;
	struct ipv4 ipv4;
	struct icmp icmp;
	struct udp udp;
	struct fuzz_echo echo;
	struct tcp *tcp;
	struct conversation last; /* of the TCP segment that was sent last */
};

/* --- services -------------------------------------------------------------------------------- */

static void flow_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct slice s;
	enum err e = OK;
	(void)arg, (void)now_us;
	if ((events & FLOW_FAILED) != 0) {
		flow_close(f);
		return;
	}
	while ((e = flow_read(f, &s)) == OK) {
		ssize_t n = flow_write(f, &s, 1);
		if (n <= 0)
			return;
		flow_consume(f, (size_t)n);
	}
	if (e == ERR_EOF)
		flow_close(f);
	else if (e != ERR_AGAIN)
		flow_abort(f);
}

static void flow_accept(void *arg, struct flow *f, uint64_t now_us)
{
	(void)now_us;
	f->event = flow_event;
	f->arg = arg;
}

/* --- what is sent ---------------------------------------------------------------------------- */

static uint32_t pseudo_sum(const uint8_t *ip, size_t bytes)
{
	return csum_add_u16(csum_add_u16(csum_add(0, ip + 12, 8), ip[9]), (uint16_t)bytes);
}

static void remember(struct world *w, const uint8_t *ip, size_t len)
{
	const uint8_t *tcp = ip + 20;
	uint32_t payload = (uint32_t)(len - 20 - (tcp[12] >> 4) * 4u);
	uint32_t syn_fin = (tcp[13] & 1u) + (tcp[13] >> 1 & 1u);
	w->last = (struct conversation){
		.local = load_be16(tcp),
		.remote = load_be16(tcp + 2),
		.peer = load_be32(ip + 16),
		.seq = load_be32(tcp + 4) + payload + syn_fin,
		.ack = load_be32(tcp + 8),
	};
}

static void check_ipv4(struct world *w, const uint8_t *ip, size_t len, uint8_t flags)
{
	assert(len >= 20 && ip[0] == 0x45 && load_be16(ip + 2) == len);
	assert(csum_fold(csum_add(0, ip, 20)) == 0);
	assert(load_be32(ip + 12) == ADDR);
	assert((flags & PKT_GSO_TCP4) != 0 || len <= 1500);
	const uint8_t *l4 = ip + 20;
	size_t bytes = len - 20;
	if (ip[9] == IP_PROTO_TCP)
		remember(w, ip, len);
	if ((flags & PKT_CSUM_PARTIAL) != 0)
		return;
	uint32_t sum = ip[9] == IP_PROTO_ICMP ? 0 : pseudo_sum(ip, bytes);
	assert(csum_fold(csum_add(sum, l4, bytes)) == 0);
}

static void check_sent(struct world *w)
{
	static uint8_t frame[NETIF_FAKE_FRAME_MAX];
	struct pkt *p;
	while ((p = netif_fake_take(&w->link.fake)) != NULL) {
		size_t len = netif_fake_flatten(p, frame, sizeof(frame));
		assert(len >= ETH_HEADER_BYTES);
		assert(memcmp(frame + 6, w->link.fake.netif.mac, 6) == 0);
		if (load_be16(frame + 12) == ETH_TYPE_IPV4)
			check_ipv4(w, frame + ETH_HEADER_BYTES, len - ETH_HEADER_BYTES, p->flags);
		else
			assert(load_be16(frame + 12) == ETH_TYPE_ARP && len == 42);
		pkt_put(p);
	}
}

/* --- what arrives ---------------------------------------------------------------------------- */

static bool is_tcp(const uint8_t *frame, size_t len)
{
	return len >= L4 + 20 && frame[14] == 0x45 && frame[23] == IP_PROTO_TCP;
}

/* Makes a TCP segment the answer to the last one; what the input says of its numbers is added. */
static void continue_conversation(const struct world *w, uint8_t *frame, size_t len)
{
	uint8_t *ip = frame + 14, *tcp = frame + L4;
	if (!is_tcp(frame, len) || w->last.local == 0)
		return;
	store_be32(ip + 12, w->last.peer);
	store_be16(tcp, w->last.remote);
	store_be16(tcp + 2, w->last.local);
	store_be32(tcp + 4, w->last.ack + load_be32(tcp + 4));
	store_be32(tcp + 8, w->last.seq + load_be32(tcp + 8));
}

static void fix_checksums(uint8_t *frame, size_t len)
{
	uint8_t *ip = frame + 14;
	if (len < L4 || ip[0] >> 4 != 4)
		return;
	size_t header = (ip[0] & 15) * 4u, total = load_be16(ip + 2);
	if (header < 20 || header > total || total > len - 14)
		return;
	store_be16(ip + 10, 0);
	csum_store(ip + 10, csum_fold(csum_add(0, ip, header)));
	uint8_t *l4 = ip + header;
	size_t bytes = total - header;
	size_t at = ip[9] == IP_PROTO_ICMP ? 2 : ip[9] == IP_PROTO_UDP ? 6 : 16;
	if (at + 2 > bytes)
		return;
	store_be16(l4 + at, 0);
	uint32_t sum = ip[9] == IP_PROTO_ICMP ? 0 : pseudo_sum(ip, bytes);
	csum_store(l4 + at, csum_fold(csum_add(sum, l4, bytes)));
}

static uint64_t poll_once(struct world *w)
{
	uint64_t due_us = TIME_NEVER;
	eth_poll_begin(&w->link.eth, w->link.now_us);
	due_us = time_earlier(due_us, tcp_poll(w->tcp, w->link.now_us));
	due_us = time_earlier(due_us, arp_poll(&w->arp, w->link.now_us));
	return eth_poll_end(&w->link.eth, w->link.now_us, due_us);
}

static void poll(struct world *w)
{
	for (unsigned i = 0; i < 8; i++) {
		if (poll_once(w) > w->link.now_us)
			break;
	}
}

/* Takes the virtio header's word for the frame, as a driver does. False: it would drop it. */
static bool believe(struct world *w, const uint8_t *header, uint8_t *frame, size_t len)
{
	struct pkt p = {.data = frame, .len = (uint32_t)MIN(len, (size_t)FUZZ_LINK_BUF_BYTES)};
	enum vnet_kind kind = vnet_parse(header, &p, NETIF_CSUM_RX | NETIF_COALESCE);
	w->link.fake.rx_flags = p.flags;
	w->link.fake.rx_runs = kind == VNET_COALESCED;
	if (w->link.fake.rx_runs)
		w->link.fake.rx_first_max = RUN_FIRST;
	return kind == VNET_COALESCED || (kind == VNET_FRAME && len <= FRAME_MAX);
}

static void deliver(struct world *w, uint8_t step, const uint8_t *header, uint8_t *frame,
		    size_t len)
{
	if ((step & STEP_CONTINUE) != 0)
		continue_conversation(w, frame, len);
	if ((step & STEP_FIX_CHECKSUMS) != 0)
		fix_checksums(frame, len);
	if ((step & STEP_NO_MEMORY) != 0)
		fuzz_link_starve(&w->link);
	w->link.fake.rx_flags = (step & STEP_DEVICE_VOUCHES) != 0 ? PKT_CSUM_OK : 0;
	w->link.fake.rx_first_max = (step & STEP_IN_PIECES) != 0 ? 60 : 0;
	w->link.fake.queue_max = (step & STEP_DEVICE_FULL) != 0 ? 0 : 256;
	w->link.fake.rx_runs = false;
	if (header == NULL || believe(w, header, frame, len))
		(void)netif_fake_inject(&w->link.fake, frame, len);
	poll(w);
	fuzz_link_feed(&w->link);
	check_sent(w);
}

/* False when the input is used up. */
static bool take_step(struct world *w, struct cursor *c)
{
	static uint8_t frame[COALESCED_MAX];
	uint8_t step = cursor_u8(c), time = cursor_u8(c);
	const uint8_t *header = NULL;
	size_t len = cursor_be16(c);
	if ((step & STEP_VNET) != 0)
		header = cursor_bytes(c, VNET_BYTES_SHORT);
	len %= header != NULL ? COALESCED_MAX + 1 : FRAME_MAX + 1;
	if (!cursor_ok(c))
		return false;
	len = MIN(len, c->left);
	memcpy(frame, cursor_bytes(c, len), len);
	w->link.now_us += UINT64_C(1) << time % 28; /* up to two minutes */
	deliver(w, step, header, frame, len);
	return true;
}

/* --- the world ------------------------------------------------------------------------------- */

static void start_ip(struct world *w, uint32_t features)
{
	const struct ipv4_prefix prefix = {.addr = ADDR, .bits = 24};
	fuzz_link_start(&w->link, features);
	w->link.fake.rx_chunk_max = 301;
	enum err e = arp_init(&w->arp, &w->link.eth, &w->link.tx);
	assert(e == OK);
	e = ipv4_start(&w->ipv4, &w->link.eth, &w->arp, prefix, GATEWAY, w->link.now_us);
	assert(e == OK);
	e = icmp_init(&w->icmp, &w->ipv4, &w->link.tx);
	assert(e == OK);
}

static void start_transports(struct world *w)
{
	enum err e = udp_init(&w->udp, &w->ipv4.ip, &w->link.rng);
	assert(e == OK);
	fuzz_echo_open(&w->echo, &w->udp);
	assert(tcp_memory_bytes(&config) <= sizeof(tcp_memory));
	e = tcp_init(&w->tcp, tcp_memory, &config, &w->ipv4.ip, &w->link.tx, &w->link.rng,
		     (struct waker){0});
	assert(e == OK);
	e = tcp_listen(w->tcp, 80, flow_accept, w);
	assert(e == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	struct cursor c = cursor_over(data, size);
	uint32_t features = cursor_u8(&c) & 0x1f;
	memset(&w, 0, sizeof(w));
	if ((features & NETIF_CSUM_TX) == 0) /* no device cuts segments without checksums */
		features &= ~(uint32_t)(NETIF_TSO4 | NETIF_TSO6);
	start_ip(&w, features);
	start_transports(&w);
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
	netif_fake_fini(&w.link.fake);
	return 0;
}
