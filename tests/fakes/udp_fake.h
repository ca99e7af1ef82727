/* SPDX-License-Identifier: ISC */
/*
 * UDP over a network that is the test: it sees what is sent, and answers what it likes, when it
 * likes. Below is a fake network layer, beside it a generator of numbers and a clock that stands
 * until the test moves it. At the end it asserts that every packet and socket was given back.
 */
#ifndef TESTS_FAKES_UDP_FAKE_H
#define TESTS_FAKES_UDP_FAKE_H

#include <stddef.h>
#include <stdint.h>

#include "base/pkt.h"
#include "base/waker.h"
#include "hal/rng.h"
#include "net/ip/ip.h"
#include "net/udp/udp.h"

#define UDP_FAKE_LOCAL UINT32_C(0x0a00020f) /* 10.0.2.15 */

enum { UDP_FAKE_SENT_MAX = 64, UDP_FAKE_BYTES_MAX = 1500 };

struct udp_fake_sent {
	uint8_t bytes[UDP_FAKE_BYTES_MAX];
	size_t len;
	struct ip_addr from, to;
	uint16_t from_port, to_port;
	uint8_t ttl;
	uint64_t at_us;
};

struct udp_fake {
	struct ip ip; /* first */
	ip_input_fn *input;
	ip_error_fn *error;
	void *input_self;
	struct pkt_pool tx, rx;
	void *tx_memory, *rx_memory;
	struct udp udp;
	struct rng rng;
	struct waker work; /* counts in wakes */
	uint64_t now_us;
	uint32_t seed;
	unsigned wakes, unreachable;
	enum err route_error, output_error, rng_error;
	/* Groups that are joined, of IPv4 only; join_error is what ip_join() answers. */
	struct ip_addr group[UDP_GROUPS_MAX];
	unsigned n_groups;
	enum err join_error;
	/* If set, is called inside each output: what the layers below might do. */
	void (*on_output)(void *arg);
	void *on_output_arg;
	struct udp_fake_sent sent[UDP_FAKE_SENT_MAX];
	unsigned n_sent, n_taken;
};

/* The clock stands at 7 s; packets to send have buffers of `tx_buf_bytes`. */
void udp_fake_init(struct udp_fake *f, uint32_t tx_buf_bytes);
void udp_fake_fini(struct udp_fake *f);

/* The oldest datagram that was not taken yet, or NULL. */
const struct udp_fake_sent *udp_fake_take(struct udp_fake *f);

/* A datagram arrives; `from` in host order. */
void udp_fake_deliver(struct udp_fake *f, const void *bytes, size_t len, uint32_t from,
		      uint16_t from_port, uint16_t to_port);

/* The same with all that there is to say. */
void udp_fake_deliver_as(struct udp_fake *f, const void *bytes, size_t len,
			 const struct ip_meta *meta, uint16_t from_port, uint16_t to_port);

/* An ICMP error comes about `s`. */
void udp_fake_error(struct udp_fake *f, enum err error, const struct udp_fake_sent *s);

#endif
