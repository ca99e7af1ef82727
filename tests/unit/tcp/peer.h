/* SPDX-License-Identifier: ISC */
/*
 * A peer that a test plays by hand, at end 1 of a world whose end 0 has the TCP under test:
 * segments are written and read field by field.
 */
#ifndef TESTS_UNIT_TCP_PEER_H
#define TESTS_UNIT_TCP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/tcp/tcp_internal.h"
#include "tests/unit/tcp/world.h"

struct peer {
	struct world *world;
	uint16_t port, remote_port; /* ours, and the one under test's */
	uint32_t seq, ack;          /* what the next segment carries */
	uint16_t window;
	uint32_t iss, irs;
	uint16_t mss;  /* for the SYN; 0: no option */
	int scale;     /* for the SYN; -1: no option */
	bool sack;     /* SACK-permitted on the SYN */
	bool ts;       /* timestamps on all segments … */
	uint32_t now;  /* … with this TSval … */
	uint32_t echo; /* … and this TSecr */
	bool bad_checksum;
	uint8_t tos;       /* of the network layer's header */
	uint8_t extra[40]; /* options, verbatim, if extra_len */
	unsigned extra_len;
};

/* A segment of the TCP under test. */
struct seen {
	uint32_t seq, ack, len;
	uint16_t src, dst, window, mss;
	uint8_t flags, tos;
	int scale;
	bool sack, has_ts;
	uint32_t ts, ts_echo;
	unsigned blocks;
	struct tcp_range block[4];
	uint8_t data[65536];
};

void peer_init(struct peer *p, struct world *w, uint16_t port);

/* Delivers a segment; nothing of the peer changes. */
void peer_put(struct peer *p, uint8_t flags, uint32_t seq, uint32_t ack, const void *data,
	      size_t len);
/* Delivers one from the peer's own state, which advances over it. */
void peer_send(struct peer *p, uint8_t flags, const void *data, size_t len);
/* The next segment that is on the wire; false: none. */
bool peer_take(struct peer *p, struct seen *s);
/* Polls the TCP, then takes; asserts that there is one, and its flags. */
const struct seen *peer_expect(struct peer *p, uint8_t flags);
/* Polls the TCP and asserts that it sends nothing. */
void peer_expect_silence(struct peer *p);
/* Moves the clock and polls. */
void peer_wait(struct peer *p, uint64_t us);
/* The handshake, the peer being the client: the app that was accepted. */
struct app *peer_open(struct peer *p);
/* The handshake with the TCP under test as the client; `a` is its app. */
void peer_accept(struct peer *p, struct app *a);
/* The connection with the peer, inside the TCP under test; asserts that there is one. */
struct tcp_conn *peer_conn(const struct peer *p);
/* Takes all data segments that are there, acknowledging nothing; returns their bytes. */
size_t peer_drain(struct peer *p);
/* Acknowledges `ack`, and the `n` ranges behind it selectively, without moving the peer's state. */
void peer_sack(struct peer *p, uint32_t ack, const struct tcp_range *block, unsigned n);
/* Acknowledges all up to `ack`. */
void peer_ack(struct peer *p, uint32_t ack);

#endif
