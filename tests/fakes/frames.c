/* SPDX-License-Identifier: ISC */
#include "tests/fakes/frames.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/checksum.h"

enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, IPV4_BYTES = 20, IPV6_BYTES = 40 };

static const uint8_t everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

size_t frame_eth(uint8_t *out, const uint8_t dst[6], const uint8_t src[6], uint16_t type)
{
	memcpy(out, dst, 6);
	memcpy(out + 6, src, 6);
	store_be16(out + 12, type);
	return FRAME_ETH;
}

size_t frame_arp(uint8_t *out, const struct frame_arp *a)
{
	uint8_t *arp = out +
		       frame_eth(out, a->eth_dst != NULL ? a->eth_dst : everybody, a->mac, 0x0806);
	store_be16(arp, 1);
	store_be16(arp + 2, 0x0800);
	arp[4] = 6;
	arp[5] = 4;
	store_be16(arp + 6, a->op);
	memcpy(arp + 8, a->mac, 6);
	store_be32(arp + 14, a->sender);
	memset(arp + 18, 0, 6);
	store_be32(arp + 24, a->target);
	return FRAME_ETH + 28;
}

static void fix(uint8_t *ip)
{
	store_be16(ip + 10, 0);
	csum_store(ip + 10, csum_fold(csum_add(0, ip, (ip[0] & 15) * 4u)));
}

void frame_ipv4_fix(uint8_t *frame)
{
	fix(frame + FRAME_ETH);
}

size_t frame_ipv4_header(uint8_t *ip, const struct frame_ipv4 *f, size_t len)
{
	size_t header = 20u + f->option_bytes;
	ip[0] = (uint8_t)(0x40 | header / 4);
	ip[1] = f->tos;
	store_be16(ip + 2, (uint16_t)(header + len));
	store_be16(ip + 4, 0x1234);
	store_be16(ip + 6, f->fragment);
	ip[8] = f->ttl != 0 ? f->ttl : 64;
	ip[9] = f->proto;
	store_be32(ip + 12, f->src);
	store_be32(ip + 16, f->dst);
	memset(ip + 20, 1, f->option_bytes);
	fix(ip);
	return header;
}

size_t frame_ipv4(uint8_t *out, const struct frame_ipv4 *f, const void *payload, size_t len)
{
	uint8_t *ip = out + frame_eth(out, f->eth_dst, f->eth_src, 0x0800);
	size_t header = frame_ipv4_header(ip, f, len);
	if (len > 0)
		memmove(ip + header, payload, len);
	return FRAME_ETH + header + len;
}

size_t frame_icmp(uint8_t *out, const struct frame_ipv4 *ip, uint8_t type, uint8_t code,
		  uint32_t rest, const void *payload, size_t len)
{
	uint8_t message[FRAME_MAX] = {type, code};
	struct frame_ipv4 with_proto = *ip;
	with_proto.proto = PROTO_ICMP;
	store_be32(message + 4, rest);
	if (len > 0)
		memcpy(message + 8, payload, len);
	csum_store(message + 2, csum_fold(csum_add(0, message, 8 + len)));
	return frame_ipv4(out, &with_proto, message, 8 + len);
}

static uint32_t pseudo_sum(const uint8_t *ip, size_t transport_bytes)
{
	uint32_t sum = csum_add_u16(csum_add(0, ip + 12, 8), ip[9]);
	return csum_add_u16(sum, (uint16_t)transport_bytes);
}

size_t frame_udp(uint8_t *out, const struct frame_ipv4 *ip, uint16_t from, uint16_t to,
		 const void *payload, size_t len)
{
	uint8_t datagram[FRAME_MAX];
	struct frame_ipv4 with_proto = *ip;
	with_proto.proto = PROTO_UDP;
	store_be16(datagram, from);
	store_be16(datagram + 2, to);
	store_be16(datagram + 4, (uint16_t)(8 + len));
	store_be16(datagram + 6, 0);
	if (len > 0)
		memcpy(datagram + 8, payload, len);
	size_t bytes = frame_ipv4(out, &with_proto, datagram, 8 + len);
	uint8_t *udp = out + bytes - 8 - len;
	uint16_t checksum = csum_fold(csum_add(pseudo_sum(out + FRAME_ETH, 8 + len), udp, 8 + len));
	csum_store(udp + 6, checksum != 0 ? checksum : UINT16_MAX);
	return bytes;
}

uint16_t frame_l4_error(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + FRAME_ETH, *l4 = ip + (ip[0] & 15) * 4;
	size_t bytes = len - (size_t)(l4 - frame);
	if (ip[9] == PROTO_UDP && load_be16(l4 + 6) == 0)
		return 0;
	return csum_fold(csum_add(pseudo_sum(ip, bytes), l4, bytes));
}

static bool is_v4(const uint8_t *frame)
{
	return load_be16(frame + 12) == 0x0800;
}

static const uint8_t *transport_v4(const uint8_t *ip, size_t len, uint8_t *proto, size_t *bytes)
{
	size_t total = load_be16(ip + 2);
	if (ip[0] != 0x45 || total < IPV4_BYTES || total > len || (load_be16(ip + 6) & 0x3fff) != 0)
		return NULL;
	*proto = ip[9];
	*bytes = total - IPV4_BYTES;
	return ip + IPV4_BYTES;
}

static const uint8_t *transport_v6(const uint8_t *ip, size_t len, uint8_t *proto, size_t *bytes)
{
	if (len < IPV6_BYTES || ip[0] >> 4 != 6 || load_be16(ip + 4) > len - IPV6_BYTES)
		return NULL;
	*proto = ip[6];
	*bytes = load_be16(ip + 4);
	return ip + IPV6_BYTES;
}

const uint8_t *frame_transport(const uint8_t *frame, size_t len, uint8_t *proto, size_t *bytes)
{
	const uint8_t *ip = frame + FRAME_ETH;
	if (len < FRAME_ETH + IPV4_BYTES)
		return NULL;
	if (is_v4(frame))
		return transport_v4(ip, len - FRAME_ETH, proto, bytes);
	return load_be16(frame + 12) == 0x86dd ? transport_v6(ip, len - FRAME_ETH, proto, bytes)
					       : NULL;
}

const uint8_t *frame_tcp(const uint8_t *frame, size_t len, size_t *bytes)
{
	uint8_t proto;
	const uint8_t *tcp = frame_transport(frame, len, &proto, bytes);
	return tcp != NULL && proto == PROTO_TCP && *bytes >= 20 ? tcp : NULL;
}

uint16_t frame_transport_error(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + FRAME_ETH;
	uint8_t proto;
	size_t bytes;
	const uint8_t *l4 = frame_transport(frame, len, &proto, &bytes);
	if (l4 == NULL || bytes < 8)
		return UINT16_MAX;
	if (is_v4(frame))
		return frame_l4_error(frame, (size_t)(l4 - frame) + bytes);
	uint32_t sum = csum_add_u16(csum_add(0, ip + 8, 32), proto);
	return csum_fold(csum_add(csum_add_u16(sum, (uint16_t)bytes), l4, bytes));
}

void frame_set_length(uint8_t *frame, size_t len)
{
	uint8_t *ip = frame + FRAME_ETH;
	if (!is_v4(frame)) {
		store_be16(ip + 4, (uint16_t)(len - FRAME_ETH - IPV6_BYTES));
		return;
	}
	store_be16(ip + 2, (uint16_t)(len - FRAME_ETH));
	fix(ip);
}

void frame_pattern(void *out, size_t len)
{
	uint8_t *p = out;
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)(i * 37 + i / 256 + 1);
}
