/* SPDX-License-Identifier: ISC */
/*
 * What a server does that has no stack at all: answers to HTTP without a connection, a timer or a
 * look at anything but the headers' places. What arrives says all that an answer needs; what is
 * lost stays lost. No stack can do less, so what this takes is the driver's, the kernel's or the
 * emulator's.
 */
#ifndef BENCH_PEERS_NO_STACK_H
#define BENCH_PEERS_NO_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "bench/peers/request.h"

enum {
	NO_STACK_ETH = 14,
	NO_STACK_ARP = NO_STACK_ETH + 28,
	NO_STACK_TCP = NO_STACK_ETH + 20,
	NO_STACK_TEXT = NO_STACK_TCP + 20,
	NO_STACK_PAGE_MAX = 1460,
	NO_STACK_ISS = 1000,
	NO_STACK_WINDOW = 65535,
};

enum { NO_STACK_FIN = 1, NO_STACK_SYN = 2, NO_STACK_RST = 4, NO_STACK_PSH = 8, NO_STACK_ACK = 16 };

struct no_stack {
	uint8_t mac[6];
	uint8_t address[4];
	bool offload; /* whoever sends the frame fills in TCP's checksum */
	bool apart;   /* … and the page behind the headers, where it lies */
	char page[NO_STACK_PAGE_MAX];
	uint16_t page_bytes;
	uint32_t page_sum;
};

static inline uint32_t no_stack_sum(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint32_t total = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		total += load_be16(at + i);
	return len % 2 == 0 ? total : total + (uint32_t)at[len - 1] * 256;
}

static inline uint16_t no_stack_fold(uint32_t total)
{
	total = (total >> 16) + (total & 0xffff);
	return (uint16_t)(total + (total >> 16));
}

/* The response with a page of `len` bytes; false: it is too large. */
static inline bool no_stack_prepare(struct no_stack *s, const void *page, size_t len)
{
	int n = snprintf(s->page, sizeof(s->page),
			 "HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n"
			 "Content-Length: %zu\r\nETag: \"0123456789abcdef\"\r\n\r\n",
			 len);

	if (len > sizeof(s->page) - (size_t)n)
		return false;
	memcpy(s->page + n, page, len);
	s->page_bytes = (uint16_t)((size_t)n + len);
	s->page_sum = no_stack_sum(s->page, s->page_bytes);
	return true;
}

static inline void no_stack_turn(const struct no_stack *s, uint8_t *frame)
{
	memcpy(frame, frame + 6, 6);
	memcpy(frame + 6, s->mac, 6);
}

static inline size_t no_stack_answer_arp(const struct no_stack *s, uint8_t *frame)
{
	uint8_t *arp = frame + NO_STACK_ETH;

	if (load_be16(arp + 6) != 1 || memcmp(arp + 24, s->address, 4) != 0)
		return 0;
	no_stack_turn(s, frame);
	store_be16(arp + 6, 2);
	memcpy(arp + 18, arp + 8, 10);
	memcpy(arp + 8, s->mac, 6);
	memcpy(arp + 14, s->address, 4);
	return NO_STACK_ARP;
}

/* Makes the frame one to where it came from; `text` bytes of the page stand behind its headers. */
static inline size_t no_stack_segment(const struct no_stack *s, uint8_t *frame, uint8_t flags,
				      uint32_t seq, uint32_t ack, uint16_t text)
{
	uint8_t *ip = frame + NO_STACK_ETH, *tcp = frame + NO_STACK_TCP;
	uint8_t ports[4];

	no_stack_turn(s, frame);
	store_be32(ip, UINT32_C(0x45) << 24 | (40u + text));
	store_be32(ip + 4, 0);
	store_be32(ip + 8, UINT32_C(0x4006) << 16);
	memcpy(ip + 16, ip + 12, 4);
	memcpy(ip + 12, s->address, 4);
	store_be16(ip + 10, (uint16_t)~no_stack_fold(no_stack_sum(ip, 20)));
	memcpy(ports, tcp + 2, 2);
	memcpy(ports + 2, tcp, 2);
	memcpy(tcp, ports, 4);
	store_be32(tcp + 4, seq);
	store_be32(tcp + 8, ack);
	store_be32(tcp + 12, UINT32_C(0x50) << 24 | (uint32_t)flags << 16 | NO_STACK_WINDOW);
	store_be32(tcp + 16, 0);
	uint32_t sum = no_stack_sum(ip + 12, 8) + 6 + 20 + text;
	if (!s->offload)
		sum += no_stack_sum(tcp, 20) + (text > 0 ? s->page_sum : 0);
	store_be16(tcp + 16, s->offload ? no_stack_fold(sum) : (uint16_t)~no_stack_fold(sum));
	return (size_t)NO_STACK_TEXT + text;
}

static inline size_t no_stack_answer_tcp(const struct no_stack *s, uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + NO_STACK_ETH, *tcp = frame + NO_STACK_TCP;
	const uint32_t seq = load_be32(tcp + 4), ours = load_be32(tcp + 8);
	const size_t headers = 20 + (tcp[12] >> 4) * 4u, total = load_be16(ip + 2);
	bool close = false;

	if (ip[0] != 0x45 || ip[9] != 6 || memcmp(ip + 16, s->address, 4) != 0 || headers < 40 ||
	    total < headers || total > len - NO_STACK_ETH || (tcp[13] & NO_STACK_RST) != 0)
		return 0;
	const size_t text = total - headers;
	if ((tcp[13] & NO_STACK_SYN) != 0)
		return no_stack_segment(s, frame, NO_STACK_SYN | NO_STACK_ACK, NO_STACK_ISS,
					seq + 1, 0);
	if (text > 0) {
		(void)request_length((const char *)ip + headers, text, &close);
		if (!s->apart)
			memcpy(frame + NO_STACK_TEXT, s->page, s->page_bytes);
		return no_stack_segment(s, frame,
					NO_STACK_PSH | NO_STACK_ACK | (close ? NO_STACK_FIN : 0),
					ours, seq + (uint32_t)text, s->page_bytes);
	}
	if ((tcp[13] & NO_STACK_FIN) != 0)
		return no_stack_segment(s, frame, NO_STACK_ACK, ours, seq + 1, 0);
	return 0;
}

/*
 * Makes the answer to a frame of `len` bytes in its place, which has room for NO_STACK_TEXT +
 * NO_STACK_PAGE_MAX; its bytes, or 0: there is none. With `apart` those behind NO_STACK_TEXT are
 * the page's, and are not written.
 */
static inline size_t no_stack_answer(const struct no_stack *s, uint8_t *frame, size_t len)
{
	if (len >= NO_STACK_ARP && load_be16(frame + 12) == 0x0806)
		return no_stack_answer_arp(s, frame);
	if (len >= NO_STACK_TEXT && load_be16(frame + 12) == 0x0800)
		return no_stack_answer_tcp(s, frame, len);
	return 0;
}

#endif
