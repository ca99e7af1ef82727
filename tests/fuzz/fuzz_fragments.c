/* SPDX-License-Identifier: ISC */
/*
 * Fragments into a stack with a UDP echo at port 7. The input is a byte of device features, then
 * records of RECORD_BYTES: what a fragment of one of a few datagrams is, and how it comes. The
 * mutator changes whole records too: it drops, doubles and swaps them, and moves borders.
 *
 * The payload of a datagram follows from its number and the offset, so whatever comes out must be
 * that, in one run and with nothing twice, and every fragment that is sent must be well-formed.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cursor.h"
#include "net/arp/arp.h"
#include "net/eth/eth.h"
#include "net/icmp/icmp.h"
#include "net/ipv4/fragments/ipv4_fragments.h"
#include "net/ipv4/ipv4.h"
#include "net/udp/udp.h"
#include "tests/fuzz/echo.h"
#include "tests/fuzz/link.h"

enum {
	ADDR = 0x0a00020f, /* 10.0.2.15/24 */
	PEER = 0x0a000202,
	PROTO = 253, /* whose payload is looked at; the others are UDP and TCP */
	RECORD_BYTES = 8,
	FRAGMENT_MAX = 1480,
	MEMORY_BYTES = 160 * 1024,
	OPTIONS_MAX = 40,
};

enum how {
	HOW_IN_PIECES = 1 << 0,
	HOW_DEVICE_FULL = 1 << 1,
	HOW_NO_MEMORY = 1 << 2,
	HOW_OPTIONS = 1 << 3,
	HOW_TCP = 1 << 4,
	HOW_UDP = 1 << 5,
	HOW_POLL = 1 << 6, /* time passes */
};

/* Of a record: how, datagram and source, units of offset (2), bytes and flag "more" (2), time. */
struct record {
	uint8_t how, which, time, spare;
	uint16_t offset, len;
};

static _Alignas(CACHE_LINE_BYTES) uint8_t memory[MEMORY_BYTES];

static const struct reassembly_config config = {.datagrams = 6, .packets = 64, .large = 2};

struct world {
	struct fuzz_link link;
	struct arp arp;
	struct ipv4 ipv4;
	struct icmp icmp;
	struct udp udp;
	struct fuzz_echo echo;
	struct fragmenter fragmenter;
	struct reassembly *table;
};

/* The payload of every datagram: a UDP header to the echo port, then what the offset says. */
static uint8_t byte_at(uint32_t offset)
{
	static const uint8_t udp[8] = {0x10, 0, 0, 7, 0, 200, 0, 0};
	return offset < sizeof(udp) ? udp[offset] : (uint8_t)(offset * 7 + offset / 256);
}

/* Sends what came back as UDP, so that large datagrams go out too. */
static void input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	static uint8_t bytes[UINT16_MAX];
	struct world *w = self;
	size_t len = netif_fake_flatten(p, bytes, sizeof(bytes));
	for (uint32_t i = 0; i < len; i++)
		assert(bytes[i] == byte_at(i));
	const struct ip_meta answer = {
		.src = meta->dst, .dst = meta->src, .proto = IP_PROTO_UDP, .tos = meta->tos};
	if (meta->broadcast || ip_output(&w->ipv4.ip, now_us, p, &answer) != OK)
		pkt_put(p);
}

static void check_sent(struct world *w)
{
	static uint8_t frame[NETIF_FAKE_FRAME_MAX];
	size_t len;
	while ((len = netif_fake_take_bytes(&w->link.fake, frame, sizeof(frame))) > 0) {
		const uint8_t *ip = frame + ETH_HEADER_BYTES;
		if (load_be16(frame + 12) != ETH_TYPE_IPV4)
			continue;
		uint16_t field = load_be16(ip + 6);
		assert(len <= ETH_HEADER_BYTES + 1500u && ip[0] == 0x45);
		assert(load_be16(ip + 2) == len - ETH_HEADER_BYTES);
		assert(csum_fold(csum_add(0, ip, 20)) == 0);
		assert((field & 0x2000) == 0 || (len - ETH_HEADER_BYTES - 20) % 8 == 0);
		assert((field & 0x1fff) * 8u + len - ETH_HEADER_BYTES <= UINT16_MAX);
	}
}

static void poll(struct world *w)
{
	for (unsigned i = 0; i < 8; i++) {
		eth_poll_begin(&w->link.eth, w->link.now_us);
		uint64_t due_us = reassembly_poll(w->table, w->link.now_us);
		assert(due_us > w->link.now_us);
		due_us = time_earlier(due_us, arp_poll(&w->arp, w->link.now_us));
		if (eth_poll_end(&w->link.eth, w->link.now_us, due_us) > w->link.now_us)
			break;
	}
}

static size_t build(uint8_t *frame, const struct world *w, const struct record *r)
{
	uint8_t *ip = frame + ETH_HEADER_BYTES;
	uint32_t options = (r->how & HOW_OPTIONS) != 0 ? (r->spare % 11u) * 4 : 0;
	uint32_t header = 20 + options, len = (r->len & 0x7fff) % (FRAGMENT_MAX + 1 - options);
	uint32_t offset = r->offset & 0x1fff;
	memcpy(frame, w->link.fake.netif.mac, 6);
	memcpy(frame + 6, (const uint8_t[6]){2, 0, 0, 0, 0, 2}, 6);
	store_be16(frame + 12, ETH_TYPE_IPV4);
	memset(ip, 1, header); /* no-operation options */
	ip[0] = (uint8_t)(0x40 | header / 4);
	ip[1] = r->spare & 3;
	store_be16(ip + 2, (uint16_t)(header + len));
	store_be16(ip + 4, r->which & 7);
	store_be16(ip + 6, (uint16_t)(offset | ((r->len & 0x8000) != 0 ? 0x2000 : 0)));
	ip[8] = 64;
	ip[9] = (r->how & HOW_TCP) != 0   ? IP_PROTO_TCP
		: (r->how & HOW_UDP) != 0 ? IP_PROTO_UDP
					  : PROTO;
	store_be16(ip + 10, 0);
	store_be32(ip + 12, (uint32_t)PEER + (r->which >> 3 & 3));
	store_be32(ip + 16, ADDR);
	csum_store(ip + 10, csum_fold(csum_add(0, ip, header)));
	for (uint32_t i = 0; i < len; i++)
		ip[header + i] = byte_at(offset * 8 + i);
	return ETH_HEADER_BYTES + header + len;
}

static void deliver(struct world *w, const struct record *r)
{
	uint8_t frame[FUZZ_LINK_BUF_BYTES];
	size_t len = build(frame, w, r);
	if ((r->how & HOW_NO_MEMORY) != 0)
		fuzz_link_starve(&w->link);
	w->link.fake.rx_flags = PKT_CSUM_OK;
	w->link.fake.rx_first_max = (r->how & HOW_IN_PIECES) != 0 ? 60 + r->spare : 0;
	w->link.fake.rx_chunk_max = 700;
	w->link.fake.queue_max = (r->how & HOW_DEVICE_FULL) != 0 ? r->spare % 4 : 256;
	(void)netif_fake_inject(&w->link.fake, frame, len);
	if ((r->how & HOW_POLL) != 0)
		w->link.now_us += UINT64_C(1) << r->time % 26; /* up to half a minute */
	poll(w);
	fuzz_link_feed(&w->link);
	check_sent(w);
	assert(w->link.rx.pool.used <= 64 + 9 * ARP_WAITING_MAX);
}

static void start(struct world *w, uint32_t features)
{
	const struct ipv4_prefix prefix = {.addr = ADDR, .bits = 24};
	fuzz_link_start(&w->link, features);
	enum err e = arp_init(&w->arp, &w->link.eth, &w->link.tx);
	assert(e == OK);
	e = ipv4_start(&w->ipv4, &w->link.eth, &w->arp, prefix, PEER, w->link.now_us);
	assert(e == OK);
	e = icmp_init(&w->icmp, &w->ipv4, &w->link.tx);
	assert(e == OK);
	e = udp_init(&w->udp, &w->ipv4.ip, &w->link.rng);
	assert(e == OK);
	fuzz_echo_open(&w->echo, &w->udp);
	e = ip_bind(&w->ipv4.ip, PROTO, input, NULL, w);
	assert(e == OK);
	assert(reassembly_memory_bytes(&config) <= sizeof(memory));
	w->table = ipv4_reassembly_init(&w->ipv4, memory, &config);
	ipv4_fragmenter_init(&w->fragmenter, &w->ipv4, &w->link.tx, &w->link.rng);
}

/* The neighbours answer, so that what is sent leaves. */
static void know_neighbours(struct world *w)
{
	for (uint32_t i = 0; i < 4; i++) {
		uint8_t frame[42] = {0};
		memcpy(frame, w->link.fake.netif.mac, 6);
		memcpy(frame + 6, (const uint8_t[6]){2, 0, 0, 0, 0, 2}, 6);
		memcpy(frame + 12, (const uint8_t[10]){8, 6, 0, 1, 8, 0, 6, 4, 0, 1}, 10);
		memcpy(frame + 22, frame + 6, 6);
		store_be32(frame + 28, (uint32_t)PEER + i);
		store_be32(frame + 38, ADDR);
		(void)netif_fake_inject(&w->link.fake, frame, sizeof(frame));
		poll(w);
	}
	check_sent(w);
}

static bool take_record(struct cursor *c, struct record *r)
{
	r->how = cursor_u8(c);
	r->which = cursor_u8(c);
	r->offset = cursor_be16(c);
	r->len = cursor_be16(c);
	r->time = cursor_u8(c);
	r->spare = cursor_u8(c);
	return cursor_ok(c);
}

/* All that is held must come back. */
static void finish(struct world *w)
{
	reassembly_clear(w->table);
	neighbours_clear(&w->arp.neighbours);
	fuzz_link_fini(&w->link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	struct cursor c = cursor_over(data, size);
	struct record r;
	memset(&w, 0, sizeof(w));
	start(&w, cursor_u8(&c) & (NETIF_CSUM_TX | NETIF_SG));
	know_neighbours(&w);
	while (take_record(&c, &r))
		deliver(&w, &r);
	finish(&w);
	return 0;
}

/* --- mutations of records -------------------------------------------------------------------- */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static size_t double_record(uint8_t *records, size_t n, size_t max, size_t from, size_t to)
{
	uint8_t copy[RECORD_BYTES];
	if (n == max)
		return n;
	memcpy(copy, records + from * RECORD_BYTES, RECORD_BYTES);
	memmove(records + (to + 1) * RECORD_BYTES, records + to * RECORD_BYTES,
		(n - to) * RECORD_BYTES);
	memcpy(records + to * RECORD_BYTES, copy, RECORD_BYTES);
	return n + 1;
}

static void swap_records(uint8_t *a, uint8_t *b)
{
	uint8_t copy[RECORD_BYTES];
	memcpy(copy, a, RECORD_BYTES);
	memmove(a, b, RECORD_BYTES);
	memcpy(b, copy, RECORD_BYTES);
}

/* Makes `b` the fragment behind `a`, or one that overlaps it by eight bytes. */
static void follow(const uint8_t *a, uint8_t *b, bool overlap)
{
	uint16_t end = (uint16_t)(load_be16(a + 2) + (load_be16(a + 4) & 0x7fff) / 8);
	b[1] = a[1];
	b[0] = (uint8_t)((b[0] & ~(HOW_TCP | HOW_UDP)) | (a[0] & (HOW_TCP | HOW_UDP)));
	store_be16(b + 2, (uint16_t)(end - overlap));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	size_t n = size > 0 ? (size - 1) / RECORD_BYTES : 0;
	size_t max = max_size > 0 ? (max_size - 1) / RECORD_BYTES : 0;
	if (n < 2 || seed % 8 < 3)
		return LLVMFuzzerMutate(data, size, max_size);
	uint8_t *records = data + 1;
	size_t a = seed / 8 % n, b = seed / 1024 % n;
	uint8_t *at_a = records + a * RECORD_BYTES, *at_b = records + b * RECORD_BYTES;
	switch (seed % 8) {
	case 3:
		swap_records(at_a, at_b);
		break;
	case 4:
		n = double_record(records, n, max, a, b);
		break;
	case 5: /* without this one */
		memmove(at_a, at_a + RECORD_BYTES, (n - a - 1) * RECORD_BYTES);
		n--;
		break;
	default:
		follow(at_a, at_b, seed % 8 == 6);
		break;
	}
	return 1 + n * RECORD_BYTES;
}
