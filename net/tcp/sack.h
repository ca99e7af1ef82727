/* SPDX-License-Identifier: ISC */
/*
 * Loss recovery by selective acknowledgement: what the peer has behind gaps (RFC 2018, RFC 2883),
 * what of the rest is lost, by the order in which segments were sent, and a probe for what is lost
 * at the end (RACK-TLP, RFC 8985); and, of peers without it too, which timeouts came too early
 * (F-RTO, RFC 5682).
 *
 * It is a part that an image may leave out: struct tcp_parts says so.
 * Without it, or with a peer that has no SACK, recovery is NewReno's (cc.h) and goes back to UNA
 * after a timeout.
 *
 * What is in flight is a row of runs of bytes that share a fate and a time (struct tcp_board). A
 * connection has such a board only from the first sign of a loss to the end of its repair; there
 * are fewer boards than connections, and who finds none recovers as if the peer had no SACK.
 */
#ifndef NET_TCP_SACK_H
#define NET_TCP_SACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/tcp/cc.h"
#include "net/tcp/segment.h"

struct tcp_conn;

enum { TCP_RUNS_MAX = 24 }; /* of a board */

enum tcp_run_state {
	TCP_RUN_OUT,  /* in flight */
	TCP_RUN_LOST, /* lost, and not sent again since */
	TCP_RUN_HAD,  /* the peer has it; it may take that back (RFC 2018 section 8) */
};

/* Bytes from the end of the run before, or UNA, up to `end`. */
struct tcp_run {
	uint32_t end;
	uint32_t at_us; /* when it was sent last, modulo 2^32 … */
	uint8_t spread; /* … or parts of it so much earlier, in units of 2^10 us (UINT8_MAX: more)
			 */
	bool timed;     /* false: it was sent before there was a board, at_us is not known */
	bool again;     /* it was sent more than once, lately while there was one */
	uint8_t state;  /* enum tcp_run_state */
};

struct ALIGNED(sizeof(void *)) tcp_board { /* as pools want it */
	uint32_t begun_us;                 /* when it was made, modulo 2^32 */
	uint32_t high; /* the highest number that the peer is known to have got (RACK.fack) */
	/* Of what has arrived, what was sent last: RACK.xmit_ts, RACK.end_seq and RACK.rtt. */
	uint32_t rack_at_us, rack_end, rack_rtt_us;
	struct cc_reduction reduction; /* of the window, in a recovery */
	bool rack;                     /* these are set */
	uint8_t runs;
	struct tcp_run run[TCP_RUNS_MAX]; /* from UNA to MAX */
};

/* How far it is known whether a timeout came too early (RFC 5682). */
enum tcp_frto {
	TCP_FRTO_OFF,
	TCP_FRTO_BEGUN, /* one segment was sent again */
	TCP_FRTO_ASKED, /* that was acknowledged, and new ones may be sent; the next tells */
};

/* What a connection keeps between its losses. */
struct tcp_rack {
	uint32_t round;     /* the reordering window grows again when this is acknowledged … */
	uint8_t windows;    /* … now so many quarters of the least round trip … */
	uint8_t persist;    /* … for so many recoveries to come */
	bool reordered;     /* segments have been seen to overtake each other */
	bool probe_due;     /* a tail loss probe is to be sent */
	bool probed;        /* one was sent, its outcome open … */
	bool probed_again;  /* … and was a retransmission */
	uint8_t frto;       /* enum tcp_frto */
	uint32_t probe_end; /* MAX after it */
};

/* --- what the rest of TCP calls (sack.c) ------------------------------------------------------ */

/*
 * Takes an acknowledgement that has moved UNA, which was `una`, already. False: there is no board
 * for its blocks, and it counts as without SACK.
 */
bool tcp_sack_input(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s, uint32_t una);
/* Sends what is lost, as far as the window goes. */
enum err tcp_sack_output(struct tcp_conn *c, uint64_t now_us);
/* The retransmission timer ran out: all is lost. False: there is no board. */
bool tcp_sack_timed_out(struct tcp_conn *c, uint64_t now_us);
/* Nothing of it was lost. */
void tcp_sack_undo(struct tcp_conn *c);
/* The timer ran out that was set to wait for reordering to end. */
void tcp_sack_reorder_timeout(struct tcp_conn *c, uint64_t now_us);
/* Sends the tail loss probe; MAX was `max` before new data had its chance. */
enum err tcp_sack_probe(struct tcp_conn *c, uint64_t now_us, uint32_t max);
/* Bytes in flight. */
uint32_t tcp_sack_pipe(const struct tcp_conn *c);
/* The blocks to send; returns how many. */
unsigned tcp_sack_blocks(const struct tcp_conn *c, struct tcp_range out[TCP_SACK_BLOCKS]);

/* --- timeouts that come too early (frto.c) --------------------------------------------------- */

/* Before a timeout takes effect, the `first` in a row or not: c->rack.frto is set if it is to be
 * found out whether it comes too early; then tcp_frto_input() gets each acknowledgement. */
void tcp_frto_timeout(struct tcp_conn *c, bool first);
void tcp_frto_input(struct tcp_conn *c, const struct tcp_segment *s, bool forward);

/* --- the board (board.c) --------------------------------------------------------------------- */

/* What an acknowledgement brought. */
struct tcp_board_news {
	uint64_t now_us;
	uint32_t bytes; /* that were not known to have arrived */
	uint32_t high;  /* the board's before it */
};

/* A board on which all is in flight; NULL if there is none, or while NXT has gone back. */
struct tcp_board *tcp_board_new(struct tcp_conn *c, uint64_t now_us);
void tcp_board_free(struct tcp_conn *c);
/* Behind its last run. */
static inline struct tcp_run *tcp_board_end(struct tcp_board *b)
{
	return &b->run[b->runs];
}
/* UNA has moved from `una`. */
void tcp_board_acked(struct tcp_conn *c, uint32_t una, struct tcp_board_news *n);
/* The peer has the bytes from `start` to `end`, which are in flight. */
void tcp_board_had(struct tcp_conn *c, uint32_t start, uint32_t end, struct tcp_board_news *n);
/* The bytes from `seq` to `end` were sent. */
void tcp_board_sent(struct tcp_conn *c, uint64_t now_us, uint32_t seq, uint32_t end);
/* Bytes of the runs in this state. */
uint32_t tcp_board_bytes(const struct tcp_conn *c, enum tcp_run_state state);
/* All runs in state `from` are in state `to`. */
void tcp_board_turn(struct tcp_conn *c, enum tcp_run_state from, enum tcp_run_state to);

/* --- which runs are lost (rack.c) ------------------------------------------------------------ */

/* The run has arrived: what was sent before it may be lost (RFC 8985 section 6.2, steps 2 and 3).
 */
void tcp_rack_delivered(struct tcp_conn *c, const struct tcp_run *r,
			const struct tcp_board_news *n);
/* Step 5: marks what is lost; returns for how many microseconds to wait for the rest, or 0. */
uint32_t tcp_rack_detect(struct tcp_conn *c, uint64_t now_us);
/* The peer has got a segment twice (section 6.2, step 4; RFC 2883). */
void tcp_rack_duplicate(struct tcp_conn *c);
/* A recovery is over. */
void tcp_rack_recovered(struct tcp_conn *c);

#endif
