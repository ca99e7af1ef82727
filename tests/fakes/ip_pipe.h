/* SPDX-License-Identifier: ISC */
/*
 * Two network layers (net/ip/ip.h) joined by a wire that loses, repeats and reorders packets as
 * told, with a clock that the test moves.
 *
 * What a transport gives to ip_output() is checked against the contract of net/ip/ip.h and
 * base/pkt.h, made into plain packets as a device would (checksums completed, segmentation done),
 * and flies for `delay_us`. ip_pipe_deliver() hands the packets that have arrived to the transport
 * at the other end, in fresh packets of that end's pool. A test that plays the other end itself
 * takes them with ip_pipe_take() instead. A broken contract ends the test (cmocka's fail).
 */
#ifndef TESTS_FAKES_IP_PIPE_H
#define TESTS_FAKES_IP_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/pkt.h"
#include "net/ip/ip.h"

/* A packet on the wire: the transport's header and payload. */
struct ip_frame {
	struct list node;
	uint64_t at_us; /* when it arrives */
	unsigned to;    /* which end */
	bool csum_ok;   /* delivered as checked by the device */
	struct ip_meta meta;
	size_t len;
	uint8_t bytes[];
};

struct ip_pipe;

struct ip_pipe_end {
	struct ip ip; /* first */
	struct ip_pipe *pipe;
	ip_input_fn *input;
	ip_error_fn *error;
	void *self;
	struct pkt_pool *rx;
	struct ip_addr addr;
	uint16_t mtu;
	uint32_t features, tso_bytes;
	unsigned pieces;    /* payload is delivered in up to so many pieces … */
	uint32_t run_bytes; /* … or, if not 0, what is longer in a run of such packets; then what
			       the other end leaves to its device to cut comes uncut */
	unsigned refuse;    /* so many outputs are answered ERR_AGAIN */
	enum err route_error;  /* what ip_route answers */
	enum err output_error; /* what ip_output answers, if not OK */
	/* What has been seen. */
	unsigned outputs, refused, gso, csum_partial, with_pieces, rx_empty;
	unsigned pieces_max;
	unsigned runs; /* packets delivered as such */
};

struct ip_pipe {
	struct ip_pipe_end end[2];
	struct list flying; /* by arrival */
	uint64_t now_us, delay_us;
	unsigned loss, duplicate, reorder; /* of a thousand packets */
	uint32_t seed;
	/* If set, is shown each packet before it flies; false loses it. */
	bool (*filter)(void *arg, const struct ip_frame *f);
	void *filter_arg;
	unsigned lost;
};

/* Ends are 10.0.0.1 and 10.0.0.2, MTU 1500, no features; received packets come from the pools. */
void ip_pipe_init(struct ip_pipe *pipe, struct pkt_pool *rx0, struct pkt_pool *rx1);

/* Forgets what is in flight. */
void ip_pipe_fini(struct ip_pipe *pipe);

/* Delivers what has arrived by now to end `to`; returns how many packets. */
unsigned ip_pipe_deliver(struct ip_pipe *pipe, unsigned to);

/* When the next packet arrives, at either end; UINT64_MAX: none. */
uint64_t ip_pipe_next(const struct ip_pipe *pipe);

/* Takes the oldest packet bound for end `to`, whenever it would arrive; the caller frees it (free).
 */
struct ip_frame *ip_pipe_take(struct ip_pipe *pipe, unsigned to);

/* Hands a packet to the transport at end `to` now. Returns false if the pool was empty. */
bool ip_pipe_inject(struct ip_pipe *pipe, unsigned to, const struct ip_meta *meta,
		    const void *bytes, size_t len, bool csum_ok);

/* The next number of the pipe's generator. */
uint32_t ip_pipe_random(struct ip_pipe *pipe);

#endif
