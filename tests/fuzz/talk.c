/* SPDX-License-Identifier: ISC */
#include "tests/fuzz/talk.h"

#include <string.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "tests/fakes/frames6.h"

enum {
	V4_HEADER = 20,
	TCP_HEADER = 20,
	UDP_HEADER = 8,
	ICMP_HEADER = 8,
	FRAGMENT_HEADER = 8,
	FRAGMENT_ID = 0x1234,
	ECHO_PORT = 7,
	TCP_PORT = 80,
	FIN = 1,
	SYN = 2,
	ACK = 16,
};

static bool is_v6(const struct talk *t)
{
	return !ip_addr_is_v4(&t->us);
}

static size_t header_bytes(const struct talk *t)
{
	return is_v6(t) ? IPV6_HEADER_BYTES : V4_HEADER;
}

/* --- what was heard -------------------------------------------------------------------------- */

static void heard_options(struct talk *t, const uint8_t *o, size_t len)
{
	while (len >= 10 && o[0] != 0) {
		size_t n = o[0] == 1 ? 1 : o[1];
		if (o[0] == 8)
			t->stamp = load_be32(o + 2);
		if (n == 0 || n > len)
			return;
		o += n;
		len -= n;
	}
}

void talk_heard(struct talk *t, const uint8_t *packet, size_t len)
{
	size_t header = header_bytes(t);
	uint8_t proto = packet[is_v6(t) ? 6 : 9];

	t->quote_bytes = MIN(len, sizeof(t->quote));
	memcpy(t->quote, packet, t->quote_bytes);
	if (proto != IP_PROTO_TCP || len < header + TCP_HEADER)
		return;
	const uint8_t *tcp = packet + header;
	size_t offset = (tcp[12] >> 4) * 4u, payload = len - header - offset;
	t->seq = load_be32(tcp + 8);
	t->ack = load_be32(tcp + 4) + (uint32_t)payload + (tcp[13] & FIN) + (tcp[13] >> 1 & 1u);
	heard_options(t, tcp + TCP_HEADER, offset - TCP_HEADER);
}

/* --- headers of the network layer ------------------------------------------------------------ */

/* Puts the headers before the `bytes` of payload that lie behind them; the packet's length. */
static size_t finish(const struct talk *t, uint8_t *packet, uint8_t proto, size_t bytes,
		     uint8_t hops)
{
	const struct frame_ipv6 v6 = {
		.src = t->peer, .dst = t->us, .next = proto, .hop_limit = hops};

	if (is_v6(t))
		return frame_ipv6_header(packet, &v6, bytes) + bytes;
	const struct frame_ipv4 v4 = {.src = ip_addr_v4(&t->peer),
				      .dst = ip_addr_v4(&t->us),
				      .proto = proto,
				      .ttl = hops};
	return frame_ipv4_header(packet, &v4, bytes) + bytes;
}

/* Stores the checksum of `bytes` behind the header, whose field is at `at`. */
static void sum(const struct talk *t, uint8_t *l4, size_t bytes, uint8_t proto, size_t at)
{
	const struct ip_meta meta = {.src = t->peer, .dst = t->us, .proto = proto};
	uint32_t acc = proto == IP_PROTO_ICMP ? 0 : ip_pseudo_sum(&meta, (uint32_t)bytes);

	store_be16(l4 + at, 0);
	uint16_t field = csum_fold(csum_add(acc, l4, bytes));
	csum_store(l4 + at, proto == IP_PROTO_UDP && field == 0 ? UINT16_MAX : field);
}

/* Bytes of payload, as many as the input says and as fit behind `used`; each differs from the next.
 */
static size_t payload(struct cursor *c, uint8_t *out, size_t used, uint32_t begin)
{
	size_t n = cursor_be16(c) % TALK_PACKET_MAX;

	n = MIN(n, TALK_PACKET_MAX - used);
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(begin + i);
	return n;
}

/* --- TCP ------------------------------------------------------------------------------------- */

static uint32_t beside(uint32_t number, struct cursor *c)
{
	return number + (uint32_t)(int32_t)(int16_t)cursor_be16(c);
}

enum option {
	OPTION_MSS = 1,
	OPTION_SCALE = 2,
	OPTION_SACK_PERMITTED = 4,
	OPTION_TIMESTAMP = 8,
	OPTION_SACK = 16,
	OPTION_STRANGE = 32,
};

static size_t add_sack(const struct talk *t, struct cursor *c, uint8_t *o)
{
	unsigned blocks = 1 + cursor_u8(c) % 3;

	o[0] = 5;
	o[1] = (uint8_t)(2 + 8 * blocks);
	for (unsigned i = 0; i < blocks; i++) {
		uint32_t start = beside(t->ack, c);
		store_be32(o + 2 + 8 * i, start);
		store_be32(o + 6 + 8 * i, start + cursor_be16(c));
	}
	return o[1];
}

static size_t add_options(const struct talk *t, struct cursor *c, uint8_t *out)
{
	uint8_t which = cursor_u8(c), *o = out;

	if ((which & OPTION_MSS) != 0) {
		memcpy(o, (uint8_t[]){2, 4, 0, 0}, 4);
		store_be16(o + 2, cursor_be16(c));
		o += 4;
	}
	if ((which & OPTION_SCALE) != 0) {
		memcpy(o, (uint8_t[]){3, 3, cursor_u8(c)}, 3);
		o += 3;
	}
	if ((which & OPTION_SACK_PERMITTED) != 0) {
		memcpy(o, (uint8_t[]){4, 2}, 2);
		o += 2;
	}
	if ((which & OPTION_TIMESTAMP) != 0 && (which & OPTION_SACK) == 0) {
		memcpy(o, (uint8_t[]){8, 10}, 2);
		store_be32(o + 2, cursor_be16(c));
		store_be32(o + 6, beside(t->stamp, c));
		o += 10;
	}
	if ((which & OPTION_SACK) != 0)
		o += add_sack(t, c, o);
	if ((which & OPTION_STRANGE) != 0) {
		memcpy(o, (uint8_t[]){cursor_u8(c), cursor_u8(c)}, 2);
		o += 2;
	}
	while ((o - out) % 4 != 0)
		*o++ = 0;
	return (size_t)(o - out);
}

size_t talk_tcp(const struct talk *t, struct cursor *c, uint8_t *packet)
{
	uint8_t *tcp = packet + header_bytes(t), flags = cursor_u8(c);

	memset(tcp, 0, TCP_HEADER);
	store_be16(tcp, t->port);
	store_be16(tcp + 2, TCP_PORT);
	store_be32(tcp + 4, beside(t->seq, c));
	store_be32(tcp + 8, (flags & ACK) != 0 ? beside(t->ack, c) : 0);
	tcp[13] = flags;
	store_be16(tcp + 14, cursor_be16(c));
	size_t header = TCP_HEADER + add_options(t, c, tcp + TCP_HEADER);
	tcp[12] = (uint8_t)(header / 4 << 4);
	size_t n = payload(c, tcp + header, header_bytes(t) + header, load_be32(tcp + 4));
	sum(t, tcp, header + n, IP_PROTO_TCP, 16);
	return finish(t, packet, IP_PROTO_TCP, header + n, 64);
}

/* --- the others ------------------------------------------------------------------------------ */

size_t talk_udp(const struct talk *t, struct cursor *c, uint8_t *packet)
{
	uint8_t *udp = packet + header_bytes(t);

	store_be16(udp, t->port);
	store_be16(udp + 2, (uint16_t)(ECHO_PORT + cursor_u8(c) % 2));
	size_t bytes = UDP_HEADER + payload(c, udp + UDP_HEADER, header_bytes(t) + UDP_HEADER, 0);
	store_be16(udp + 4, (uint16_t)bytes);
	sum(t, udp, bytes, IP_PROTO_UDP, 6);
	return finish(t, packet, IP_PROTO_UDP, bytes, 64);
}

size_t talk_icmp(const struct talk *t, struct cursor *c, uint8_t *packet)
{
	uint8_t proto = is_v6(t) ? IP_PROTO_ICMPV6 : IP_PROTO_ICMP;
	uint8_t *icmp = packet + header_bytes(t), type = cursor_u8(c);
	bool is_echo = type == (is_v6(t) ? 128 : 8);
	size_t n;

	icmp[0] = type;
	icmp[1] = cursor_u8(c);
	store_be32(icmp + 4, cursor_be16(c)); /* the MTU, where there is one */
	if (is_echo) {
		n = payload(c, icmp + ICMP_HEADER, header_bytes(t) + ICMP_HEADER, 0);
	} else {
		n = 8 + (size_t)cursor_u8(c);
		n = MIN(n, t->quote_bytes);
		memcpy(icmp + ICMP_HEADER, t->quote, n);
	}
	sum(t, icmp, ICMP_HEADER + n, proto, 2);
	return finish(t, packet, proto, ICMP_HEADER + n, 64);
}

size_t talk_ndp(const struct talk *t, struct cursor *c, uint8_t *packet)
{
	uint8_t *icmp = packet + IPV6_HEADER_BYTES, type = (uint8_t)(133 + cursor_u8(c) % 5);
	/* A target, and of a redirect a destination besides; of an advertisement times. */
	size_t fixed = type == 133 ? 8 : type == 134 ? 16 : type == 137 ? 40 : 24;

	memset(icmp, 0, fixed);
	icmp[0] = type;
	icmp[4] = cursor_u8(c);
	if (type == 134)
		store_be16(icmp + 6, cursor_be16(c));
	else if (fixed > 8)
		memcpy(icmp + 8, (cursor_u8(c) & 1) != 0 ? &t->us : &t->peer, 16);
	size_t n = cursor_u8(c);
	n = MIN(n, c->left);
	if (n > 0)
		memcpy(icmp + fixed, cursor_bytes(c, n), n); /* options */
	sum(t, icmp, fixed + n, IP_PROTO_ICMPV6, 2);
	return finish(t, packet, IP_PROTO_ICMPV6, fixed + n, 255);
}

/* --- fragments ------------------------------------------------------------------------------- */

static size_t cut_v4(uint8_t *packet, size_t begin, size_t n, bool more)
{
	store_be16(packet + 2, (uint16_t)(V4_HEADER + n));
	store_be16(packet + 4, FRAGMENT_ID);
	store_be16(packet + 6, (uint16_t)((more ? 0x2000 : 0) | begin / 8));
	store_be16(packet + 10, 0);
	csum_store(packet + 10, csum_fold(csum_add(0, packet, V4_HEADER)));
	memmove(packet + V4_HEADER, packet + V4_HEADER + begin, n);
	return V4_HEADER + n;
}

static size_t cut_v6(uint8_t *packet, size_t begin, size_t n, bool more)
{
	uint8_t *fragment = packet + IPV6_HEADER_BYTES;

	memmove(fragment + FRAGMENT_HEADER, fragment + begin, n);
	fragment[0] = packet[6];
	fragment[1] = 0;
	store_be16(fragment + 2, (uint16_t)(begin | more));
	store_be32(fragment + 4, FRAGMENT_ID);
	packet[6] = IPV6_FRAGMENT;
	store_be16(packet + 4, (uint16_t)(FRAGMENT_HEADER + n));
	return IPV6_HEADER_BYTES + FRAGMENT_HEADER + n;
}

size_t talk_cut(uint8_t *packet, size_t len, uint8_t first, uint8_t units)
{
	bool v6 = packet[0] >> 4 == 6;
	size_t header = v6 ? IPV6_HEADER_BYTES : V4_HEADER, whole = len - header;
	size_t begin = MIN((size_t)first * 8, whole / 8 * 8);
	size_t n = MIN((size_t)units * 8, whole - begin);
	bool more = begin + n < whole;

	if (v6)
		n = MIN(n, (size_t)TALK_PACKET_MAX - IPV6_HEADER_BYTES - FRAGMENT_HEADER);
	return v6 ? cut_v6(packet, begin, n, more) : cut_v4(packet, begin, n, more);
}
