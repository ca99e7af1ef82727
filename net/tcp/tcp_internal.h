/* SPDX-License-Identifier: ISC */
/*
 * What the files of net/tcp share: the instance, its endpoints and the steps between them.
 *
 * Three kinds of endpoint are found by their four-tuple in one hash table: connections, half-open
 * entries (SYN-RECEIVED of a listener) and TIME-WAIT entries. All begin with struct tcp_endpoint.
 *
 *   tcp_input (input.c) ──> changes endpoints, puts them on tcp->pending, raises flow events
 *   tcp_poll (tcp.c)    ──> timers, then events, then output of everything on tcp->pending
 *   flow calls (flow.c) ──> change a connection, put it on tcp->pending, wake tcp->work
 *
 * Segments without an endpoint of their own to remember them (a reset for a closed port, a
 * challenge acknowledgement) wait in a short ring until tcp_poll(). Functions that may free the
 * connection that they are given return whether it is still there.
 *
 * Section numbers without a name are of RFC 9293.
 */
#ifndef NET_TCP_TCP_INTERNAL_H
#define NET_TCP_TCP_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "hal/netif.h"
#include "hal/timer.h"
#include "net/tcp/cc.h"
#include "net/tcp/cookie.h"
#include "net/tcp/endpoint.h"
#include "net/tcp/plpmtud.h"
#include "net/tcp/reply.h"
#include "net/tcp/rto.h"
#include "net/tcp/sack.h"
#include "net/tcp/segment.h"
#include "net/tcp/seq.h"
#include "net/tcp/slice.h"
#include "net/tcp/tcp.h"

enum {
	TCP_HEADER_BYTES = 20,
	TCP_HEADER_MAX = 60,
	/* Payload up to this length rides in the header's buffer: copying it costs less than a
	 * piece, which is a reference, a descriptor of the device, and their release. */
	TCP_COPY_BYTES = 128,
	TCP_TS_BYTES = 12, /* timestamps, with padding, in each segment */
	/* An in-order segment up to this length is copied behind the last queued packet. */
	TCP_COALESCE_BYTES = 256,
	/* Of a larger segment, such as jumbo frames bring, each so many bytes may take a packet. */
	TCP_PACKET_BYTES = 1460,
	TCP_MSS_MIN = 88,       /* what a peer may ask for at least, lest headers eat the link */
	TCP_PATH_MTU_MIN = 552, /* what an ICMP error may lower an IPv4 path's MTU to */
	/* As many segments as a batch of input has (ETH_BATCH), or most have. */
	TCP_REPLIES_MAX = BY_MEMORY(3, 32),
	TCP_SYN_ACK_TRIES = 6, /* the last one is given up 63 s after the SYN */
	TCP_SYN_ACK_TRIES_CROWDED = 3,

	TCP_PROBE_MIN_US = 10000,    /* a tail loss probe does not go sooner */
	TCP_DELAYED_ACK_US = 40000,  /* section 3.8.6.3 asks for less than 0.5 s */
	TCP_CHALLENGE_US = 8 << 16,  /* RFC 5961 section 7 */
	TCP_SYN_WAIT_US = 5000000,   /* for a place in a full table, since the last SYN */
	TCP_RETRY_US = 2000,         /* after a pool was found empty */
	TCP_TIME_WAIT_US = 60000000, /* 2 MSL, with an MSL of 30 s */
	TCP_LINGER_US = 4000000,     /* a closed flow without progress, … */
	TCP_LINGERS_FIN_WAIT_2 = 15, /* … so often when it merely waits for the peer's end … */
	TCP_LINGERS_MAX = 191,       /* … and so often before; while others want its place … */
	TCP_LINGERS_CROWDED = 64,    /* … a part of that: once, and twice */
	TCP_FIN_WAIT_2_US = TCP_LINGER_US * TCP_LINGERS_FIN_WAIT_2,
	TCP_GIVE_UP_US = 100000000,     /* section 3.8.3: R2 is at least 100 s … */
	TCP_GIVE_UP_SYN_US = 180000000, /* … and three minutes for a SYN */
};

struct tcp_conn;

/* --- timestamps (timestamp.c; RFC 7323) ------------------------------------------------------ */

struct tcp_ts {
	uint32_t offset;    /* of the clock that the peer sees */
	uint32_t recent;    /* TS.Recent, to be echoed … */
	uint32_t recent_at; /* … and when that was, in units of 2^20 us */
	bool on;            /* both sides have them */
};

/* The clock of the timestamps: 1.024 ms, within the bounds of RFC 7323 section 5.4. */
static inline uint32_t tcp_ts_clock(uint64_t now_us)
{
	return (uint32_t)(now_us >> 10);
}

/* Puts them into the header of a segment: each has them or none (section 3.2). */
void tcp_ts_put(struct tcp_header *h, const struct tcp_ts *ts, uint64_t now_us);
/* A TSval from the peer is the one to echo from now on. */
void tcp_ts_take(struct tcp_ts *ts, uint64_t now_us, uint32_t value);
/* Before what may be noticed as a loss: remembers when the first of what is sent again for it goes
 * out (RFC 3522, step 2). */
void tcp_ts_stamp(struct tcp_conn *c, uint64_t now_us);
/* The round trip by the echo of one of our timestamps; false: it is none. */
bool tcp_ts_rtt(const struct tcp_conn *c, uint64_t now_us, uint32_t echo, uint32_t *rtt_us);
/* The same of a SYN that was sent more than once, where only the echo tells which arrived. */
void tcp_ts_measure_syn(struct tcp_conn *c, uint64_t now_us, uint32_t echo);
/* Section 5.3, R1: false if the segment is an old duplicate, or lacks what it must have. */
bool tcp_ts_check(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s);

/* --- connections (conn.c) -------------------------------------------------------------------- */

enum tcp_state {
	TCP_CLOSED, /* over; kept only until the user gives the flow back */
	TCP_SYN_SENT,
	TCP_SYN_RECEIVED, /* by simultaneous open; a listener's is a struct tcp_half_open */
	TCP_ESTABLISHED,
	TCP_FIN_WAIT_1,
	TCP_FIN_WAIT_2,
	TCP_CLOSE_WAIT,
	TCP_CLOSING,
	TCP_LAST_ACK,
};

/* Section 3.3.1, send sequence variables, and the bytes themselves (send.c). */
struct tcp_send {
	uint16_t slices; /* that `bytes` are in … */
	uint16_t pinned; /* … and how many of those keep a received packet from the device */
	uint16_t mss;
	uint16_t peer_mss;  /* as its SYN said */
	uint8_t scale;      /* to shift the peer's window by */
	bool resend;        /* the segment at UNA, without moving NXT */
	uint16_t timeout_s; /* the user's (RFC 5482), or TCP_AS_CONFIGURED */
	uint32_t iss, una, nxt;
	uint32_t max; /* the highest NXT ever: NXT goes back after a timeout */
	uint32_t end; /* the number behind the last byte written: of the FIN */
	uint32_t wnd; /* bytes, scaled */
	uint32_t wl1, wl2;
	uint32_t wnd_max;     /* the largest window that the peer has offered */
	uint32_t bytes;       /* written and not acknowledged */
	uint32_t at_off;      /* where NXT is: so many bytes into … */
	struct tcp_slice *at; /* … this slice */
	struct tcp_slice *head, *tail;
};

/* Of a flow for which nothing else was said. */
enum { TCP_AS_CONFIGURED = UINT16_MAX };

/* What is behind a gap (reassembly.c). It exists while there is something. */
struct tcp_gap {
	struct list node;    /* in tcp->gappy */
	struct list packets; /* sorted, disjoint; pkt.user is the sequence number */
	struct tcp_conn *conn;
	uint32_t recent; /* of the segment out of order that came last */
};

/* Receive sequence variables and what has arrived (recv.c). */
struct tcp_recv {
	uint32_t nxt;
	uint32_t edge;           /* the right edge that was promised: it never goes back */
	uint32_t acked;          /* the last acknowledgement sent */
	uint32_t bytes;          /* in `queue` */
	uint32_t size;           /* of the window, what is queued included */
	uint32_t fin_seq;        /* if has_fin */
	uint16_t packets;        /* in `queue` and behind gaps … */
	uint16_t gap_packets;    /* … and of these behind gaps */
	uint16_t mss_max;        /* the largest segment that may come, as announced … */
	uint16_t mss;            /* … and the largest seen */
	uint16_t packet_bytes;   /* of the former, what the first of its packets surely holds */
	uint8_t scale;           /* of the windows that this side announces */
	uint8_t dup_acks;        /* to be sent */
	uint16_t silence_s;      /* after which the peer is asked; 0: never; TCP_AS_CONFIGURED */
	struct pkt *head, *tail; /* a run of all packets in order, for the user */
	struct tcp_gap *gap;     /* NULL: nothing is out of order */
};

enum tcp_timer {
	TCP_TIMER_RTO,     /* retransmission */
	TCP_TIMER_REORDER, /* what has been overtaken is lost now */
	TCP_TIMER_PROBE,   /* tail loss probe */
};

struct tcp_conn {
	/* What is used most is in front: there it is reached by shorter instructions. */
	uint8_t state;  /* enum tcp_state */
	uint8_t events; /* enum flow_event, not yet delivered */
	bool plain;     /* it merely sends or receives: segments can be predicted (predict.c) */
	int8_t error;   /* enum err: why it failed */
	bool owned;     /* the user has it */
	bool ack_now;
	uint8_t timer; /* what rexmit_us is for, enum tcp_timer, unless persisting */

	bool eof : 1;        /* the peer has, and all before was received */
	bool want_write : 1; /* a write was not taken whole */
	bool want_drain : 1; /* something was written since the last FLOW_DRAINED */
	bool rst_due : 1;
	bool persisting : 1; /* rexmit_us is the persist timer's */
	bool probe_due : 1;
	bool has_fin : 1;     /* the peer's FIN has been seen, in order or not */
	bool peer_scales : 1; /* windows, its SYN said so */
	bool ecn_echo : 1;   /* a mark has come: all we send says so, until the peer has heard it */
	bool cwr_due : 1;    /* our window shrank: the next new segment says so */
	bool sack : 1;       /* both sides have SACK, and the image its part */
	bool ecn : 1;        /* both sides have ECN */
	bool nagle : 1;      /* a short segment waits while others are in flight */
	bool syn_lost : 1;   /* the SYN was sent more than once */
	bool accept_due : 1; /* the listener is to be told of it */
	bool fin_queued : 1; /* the user has ended its direction */

	uint8_t lingers;   /* times that the end of a closed flow was put off */
	int8_t soft_error; /* enum err: what ICMP said lately (RFC 5461) */
	uint8_t asked;     /* keep-alives sent since the peer was heard last */
	uint32_t way;      /* to the peer, as the network layer has noted it (struct ip_meta) */

	struct tcp *tcp;
	struct tcp_send snd;
	struct tcp_recv rcv;
	struct tcp_endpoint ep;
	struct list ready;   /* in tcp->ready while events wait for delivery */
	struct list starved; /* in tcp->starved while a write waits for a pool */
	uint16_t features;   /* of the way there, as in struct ip_route */
	uint16_t path_mtu;
	uint32_t sent_ms;           /* when data was sent last, in units of 2^10 us */
	uint64_t rexmit_us, ack_us; /* deadlines */
	uint64_t watch_us;          /* that of a closed flow to make progress, or of a keep-alive */
	struct flow flow;
	struct tcp_rto rto;
	struct tcp_cc cc;
	/* Where the image has none of the parts that use what follows, and the end of `cc`, it is
	 * not there: conn_bytes(). */
	struct tcp_board *board; /* while a loss is repaired by SACK; then NXT is MAX */
	uint32_t tso_bytes;      /* of struct ip_route */
	struct tcp_rack rack;
	struct tcp_range twice; /* bytes that came again, to be told (RFC 2883) */
	struct tcp_ts ts;
	uint16_t mtu_high;      /* to be tried by a probe; 0: nothing is amiss with path_mtu … */
	uint16_t mtu_probe;     /* … and the one that is in flight; 0: none … */
	uint32_t mtu_probe_end; /* … and the number behind it */
	uint32_t cwr_end;       /* no new reaction to a mark before more is acknowledged */
	uint32_t resent_ts;     /* our clock when the first of a loss was sent again */
	uint32_t tuned_seq;     /* RCV.NXT when a round trip began to be measured (tuning.c) … */
	uint32_t tuned_us;      /* … and when that was */
	uint32_t heard_ms;      /* when the peer was heard last, in units of 2^10 us */
};

/* What a connection costs that has nothing to send, to receive or to repair. */
_Static_assert(sizeof(struct tcp_conn) < 512, "a connection at rest takes less than 512 bytes");

static inline struct tcp_conn *conn_of(struct tcp_endpoint *ep)
{
	return container_of(ep, struct tcp_conn, ep);
}

/* What only parts that the image has can have set (struct tcp_parts). */
ALWAYS_INLINE bool conn_has_ts(const struct tcp_conn *c)
{
	return tcp_parts.timestamps && c->ts.on;
}

ALWAYS_INLINE bool conn_has_ecn(const struct tcp_conn *c)
{
	return tcp_parts.ecn && c->ecn;
}

ALWAYS_INLINE bool conn_has_sack(const struct tcp_conn *c)
{
	return tcp_parts.sack && c->sack;
}

ALWAYS_INLINE bool conn_has_board(const struct tcp_conn *c)
{
	return tcp_parts.sack && c->board != NULL;
}

/* Bytes have come again, and the peer is yet to be told. */
ALWAYS_INLINE bool conn_was_twice(const struct tcp_conn *c)
{
	return tcp_parts.sack && c->twice.start != c->twice.end;
}

ALWAYS_INLINE bool conn_was_probed(const struct tcp_conn *c)
{
	return tcp_parts.sack && c->rack.probed;
}

ALWAYS_INLINE bool conn_probe_is_due(const struct tcp_conn *c)
{
	return tcp_parts.sack && c->rack.probe_due;
}

/* A timeout may have come too early. */
ALWAYS_INLINE bool conn_suspects(const struct tcp_conn *c)
{
	return tcp_parts.sack && c->rack.frto != TCP_FRTO_OFF;
}

ALWAYS_INLINE bool conn_has_mtu_probe(const struct tcp_conn *c)
{
	return tcp_parts.mtu_probing && c->mtu_probe != 0;
}

ALWAYS_INLINE bool conn_doubts_mtu(const struct tcp_conn *c)
{
	return tcp_parts.mtu_probing && c->mtu_high != 0;
}

ALWAYS_INLINE bool conn_has_gap(const struct tcp_conn *c)
{
	return tcp_parts.reassembly && c->rcv.gap != NULL;
}

/* Nobody has it any more: it only finishes by itself. */
BRIEF bool conn_orphaned(const struct tcp_conn *c)
{
	return !c->owned && !c->accept_due;
}

/* The peer was heard; only keep-alives ask when. */
ALWAYS_INLINE void conn_heard(struct tcp_conn *c, uint64_t now_us)
{
	if (tcp_parts.keepalive)
		c->heard_ms = tcp_ts_clock(now_us);
}

/* The bytes from RCV.NXT to the promised edge. Behind a FIN that may be negative. */
static inline int32_t conn_recv_left(const struct tcp_conn *c)
{
	return (int32_t)(c->rcv.edge - c->rcv.nxt);
}

/* RCV.WND. */
static inline uint32_t conn_recv_window(const struct tcp_conn *c)
{
	return (uint32_t)MAX(conn_recv_left(c), 0);
}

/* A connection in the table, closed as yet; NULL, counted, when all are in use. */
struct tcp_conn *tcp_conn_new(struct tcp *tcp, const struct tcp_tuple *tuple, uint32_t hash);
/* Takes what the peer's SYN said. */
void tcp_conn_peer_options(struct tcp_conn *c, const struct tcp_options *o);
/* The handshake is complete: our SYN is acknowledged, and congestion control begins. */
void tcp_conn_established(struct tcp_conn *c);
/* The same by what answers our SYN, which was sent first at rto.timed_us, unless that is 0: so it
 * tells the round trip, or with the echo of a timestamp where the SYN was sent more than once. */
void tcp_conn_answered(struct tcp_conn *c, uint64_t now_us, uint32_t echo);
/* Takes the way to the peer, and with it the MTU. */
void tcp_conn_set_route(struct tcp_conn *c, const struct ip_route *route);
/* Sets the MSS from the peer's and the path's. */
void tcp_conn_set_mss(struct tcp_conn *c);
/* The payload of a segment without options in a network-layer packet of `mtu` bytes. */
uint32_t tcp_mss_of_mtu(uint32_t mtu, const struct tcp_tuple *t);
/* The connection is over, `error` or OK: freed if nobody has it, else the user is told. */
void tcp_conn_end(struct tcp_conn *c, enum err error);
/* The user, or a rule, gives the connection up: RST if the state wants one, then freed. */
void tcp_conn_abort(struct tcp_conn *c);
/* Ends this side's direction (section 3.10.4), which output is to see. */
void tcp_conn_shutdown(struct tcp_conn *c);
/* Frees a connection that is closed and that nobody has. */
void tcp_conn_free(struct tcp_conn *c);
/* Notes events for the user. */
void tcp_conn_raise(struct tcp_conn *c, unsigned events);
/* Makes the next poll look at the endpoint. */
void tcp_pend(struct tcp *tcp, struct tcp_endpoint *ep);
void tcp_conn_pend(struct tcp_conn *c);
/* The same from outside tcp_poll(): asks for one, too. */
void tcp_conn_wake(struct tcp_conn *c);
/*
 * Whether an endpoint may answer what is not acceptable with an acknowledgement now, which is
 * counted then: at most two a second (RFC 5961 section 7). Without a limit two sides of which each
 * finds the other's acknowledgement unacceptable would keep each other busy.
 */
bool tcp_may_challenge(struct tcp *tcp, struct tcp_endpoint *ep, uint64_t now_us);

/* A duplicate or challenge acknowledgement of a connection, if it may. */
void tcp_conn_challenge(struct tcp_conn *c, uint64_t now_us);
/* Sets the endpoint's timer for the earliest of the deadlines. */
void tcp_conn_arm(struct tcp_conn *c);
/* Starts the time limit of a closed flow, or keep-alives if there are any. */
void tcp_conn_watch(struct tcp_conn *c, uint64_t now_us);
/* The peer has not answered for too long: it is told by a RST, and the user by `error`. */
void tcp_conn_give_up(struct tcp_conn *c, enum err error);
/* Its timer is due (timeout.c). */
void tcp_conn_timeout(struct tcp_conn *c, uint64_t now_us);
/* Sends what is due (output.c). Not OK, ERR_AGAIN or ERR_NOMEM: it is to be called again. */
enum err tcp_conn_output(struct tcp_conn *c, uint64_t now_us);

/* Sends up to `len` bytes from `seq` on by themselves, a FIN behind them if it is in flight;
 * returns how many numbers went, or an error. */
ssize_t tcp_output_at(struct tcp_conn *c, uint64_t now_us, uint32_t seq, uint32_t len);

/* Sends one new segment of `len` bytes, whatever the MSS is; there are so many unsent. */
enum err tcp_output_sized(struct tcp_conn *c, uint64_t now_us, uint32_t len);

/* Keep-alives, which struct tcp_config names, or the image does without (keepalive.c). */
struct tcp_keepalive {
	/* Sets watch_us, if the peer is to be asked. */
	void (*begin)(struct tcp_conn *c, uint64_t now_us);
	/* watch_us is over: asks, sets it anew. False: the peer is gone, the connection too. */
	bool (*expired)(struct tcp_conn *c, uint64_t now_us);
};

/* Windows that grow, a part that an image may leave out (tuning.c): RCV.NXT has moved. */
void tcp_tuning_arrived(struct tcp_conn *c, uint64_t now_us);
/* Gives back what the window has grown by, but for what was promised or is queued. */
void tcp_tuning_release(struct tcp_conn *c);

/* --- send queue (send.c) --------------------------------------------------------------------- */

ssize_t tcp_send_write(struct tcp_conn *c, const struct slice *slices, unsigned n);
ssize_t tcp_send_copy(struct tcp_conn *c, const uint8_t *bytes, size_t len);
/* How many connections that have nothing queued would find what a write needs. */
uint32_t tcp_send_places(const struct tcp *tcp);
/* `bytes` at the front are acknowledged. */
void tcp_send_release(struct tcp_conn *c, uint32_t bytes);
/* NXT goes back to UNA, from where all is sent again, so that nothing is by itself. */
void tcp_send_rewind(struct tcp_conn *c);
/* NXT, which had gone back, is at MAX again: nothing was lost. */
void tcp_send_catch_up(struct tcp_conn *c);
/* The place in the queue that goes with NXT moves on by `bytes`, at most what is queued. */
void tcp_send_advance(struct tcp_conn *c, uint32_t bytes);
void tcp_send_purge(struct tcp_conn *c);
/* Puts up to `len` bytes, from `off` bytes into slice `s` on, into the packet; returns how many. */
uint32_t tcp_send_gather(struct pkt *p, const struct tcp_slice *s, uint32_t off, uint32_t len,
			 bool pieces);

/* --- received bytes (recv.c, reassembly.c) --------------------------------------------------- */

/* Sections 3.10.7.4 seventh and eighth. May free the connection. */
void tcp_recv_text(struct tcp_conn *c, uint64_t now_us, struct tcp_segment *s);
/* Is given a packet, or a run, of `len` bytes at RCV.NXT that end within the window: takes what
 * there is room for. */
void tcp_recv_next(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t len);
/* Removes `bytes` from the front of the queue for the user. */
void tcp_recv_consume(struct tcp_conn *c, size_t bytes);
/* The window to announce now, for the header; moves the promised edge. */
uint16_t tcp_recv_announce(struct tcp_conn *c);
/* Appends a packet that begins at RCV.NXT and that was counted as held, and is given. */
void tcp_recv_append_held(struct tcp_conn *c, struct pkt *p, uint32_t len);
void tcp_recv_purge(struct tcp_conn *c);
/* The window for a SYN that announces `mss`. */
uint16_t tcp_syn_window(const struct tcp *tcp, uint32_t mss);
/* Copies p's bytes behind those of `tail` if they are few and fit. */
bool tcp_recv_coalesce(const struct tcp_conn *c, struct pkt *tail, struct pkt *p, uint32_t len);
/* Frees a packet that was counted as held. */
void tcp_recv_drop(struct tcp_conn *c, struct pkt *p);
/* Removes what a segment has from before `start`. */
void tcp_recv_trim(struct tcp_segment *s, uint32_t start);
/* Removes bytes from the front, through all pieces and packets of a run. */
void tcp_pkt_pull(struct pkt *p, uint32_t bytes);

/* One arrived that begins behind RCV.NXT: it is counted and answered, and kept if there is room. */
void tcp_gap_insert(struct tcp_conn *c, struct tcp_segment *s);
/* Drops the farthest packet out of order, if it is beyond `seq`. False: there is none. */
bool tcp_gap_evict(struct tcp_conn *c, uint32_t seq);
/* Moves what has become contiguous to the queue. */
void tcp_gap_close(struct tcp_conn *c);
void tcp_gap_purge(struct tcp_conn *c);
/* At most `max` SACK blocks, two or more, while packets are out of order; returns how many. */
unsigned tcp_gap_blocks(const struct tcp_conn *c, struct tcp_range *out, unsigned max);

/* --- listeners and half-open connections (listen.c) ------------------------------------------ */

struct tcp_listener {
	uint16_t port; /* 0: a free entry */
	flow_accept_fn *accept;
	void *arg;
};

struct tcp_half_open {
	struct tcp_endpoint ep; /* first */
	uint32_t iss, irs;
	struct tcp_options peer;
	uint16_t window;     /* of the peer's SYN */
	uint16_t promised;   /* the window of our SYN,ACK; 0 before it */
	bool ecn;            /* the peer has asked for it */
	uint8_t tries;       /* SYN,ACKs sent because of a timer, the first included */
	uint32_t sent_us;    /* the first SYN,ACK, modulo 2^32; 0: not known */
	struct list waiting; /* in tcp->waiting until there is a place for the connection */
	/* The way that the SYN,ACK went, where looking for it again takes long (KEEPS_WAY). */
	uint32_t way;      /* as in struct tcp_conn */
	uint16_t mtu;      /* of struct ip_route; 0: not known … */
	uint16_t features; /* … like these */
	struct tcp_ts ts;  /* last: not there without timestamps */
};

/* Neither broadcast nor multicast nor unspecified. */
bool tcp_is_unicast(const struct ip_addr *a);
struct tcp_listener *tcp_listener_find(struct tcp *tcp, uint16_t port);
/* Section 3.10.7.2. An initial sequence number above *iss_min unless NULL. Returns the connection
 * that a cookie has opened, whose segment this is, or NULL. */
struct tcp_conn *tcp_listen_input(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
				  uint32_t hash, const struct tcp_segment *s,
				  const uint32_t *iss_min);
/* Section 3.10.7.4 in SYN-RECEIVED. Returns the connection that it has become, if that has to see
 * the segment, too, or NULL. */
struct tcp_conn *tcp_half_open_input(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us,
				     const struct tcp_segment *s);
void tcp_half_open_timeout(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us);
enum err tcp_half_open_output(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us);
void tcp_half_open_free(struct tcp *tcp, struct tcp_half_open *h);
/* Whether a SYN waits and there is a place for it now. */
bool tcp_half_open_may_admit(const struct tcp *tcp);
/* Answers those that wait and for whom there is a place. */
void tcp_half_open_admit(struct tcp *tcp, uint64_t now_us);

/* --- TIME-WAIT (time_wait.c) ----------------------------------------------------------------- */

struct tcp_time_wait {
	struct tcp_endpoint ep; /* first */
	struct list age;        /* in tcp->time_wait, the oldest first */
	uint32_t snd_nxt, rcv_nxt;
	uint32_t syn_seq; /* of a SYN that did not open a new connection */
	uint16_t window;  /* as announced last */
	bool denied;      /* the peer has said since that it knows nothing of the old one */
	struct tcp_ts ts; /* last: not there without timestamps */
};

/* The connection becomes a TIME-WAIT entry; may free it. `ack`: the peer's FIN wants one. */
void tcp_time_wait_enter(struct tcp_conn *c, uint64_t now_us, bool ack);
/* False: it was forgotten because the segment opens a new connection (then *iss_min is set). */
bool tcp_time_wait_input(struct tcp *tcp, struct tcp_time_wait *w, uint64_t now_us,
			 const struct tcp_segment *s, uint32_t *iss_min);
/* Forgets what is over; returns when the next one will be. */
uint64_t tcp_time_wait_expire(struct tcp *tcp, uint64_t now_us);

/* --- flows (flow.c) -------------------------------------------------------------------------- */

extern const struct flow_ops tcp_flow_ops;

/* --- the instance (tcp.c) -------------------------------------------------------------------- */

struct tcp {
	struct ip *ip;
	struct pkt_pool *tx;
	struct waker work;
	struct rng *rng;
	uint32_t recv_initial; /* of the window of a connection … */
	uint32_t grown;        /* … and what all have grown by, together */
	uint8_t recv_scale;    /* what config.recv_bytes needs */
	bool polling;
	uint16_t port_offset;                  /* counts connects, for ephemeral ports */
	const struct tcp_keepalive *keepalive; /* the configuration's, or that of a flow */

	struct tcp_listener *listeners;
	struct tcp_endpoint **table;
	uint32_t table_mask;
	struct tcp_endpoint **heap;
	uint32_t heap_used;
	uint64_t due_us; /* of timers and TIME-WAIT, the earliest, or earlier: first of all 0 */

	struct list pending;   /* endpoints with something to send */
	struct list ready;     /* connections with events */
	struct list starved;   /* connections whose write found a pool empty */
	struct list gappy;     /* struct tcp_gap, the oldest first */
	struct list time_wait; /* the oldest first */
	struct list waiting;   /* half-open entries not yet answered, the oldest first */
	uint32_t waiting_used; /* how many */
	uint32_t held;         /* received packets that connections hold, all together */

	unsigned reply_first, reply_used;

	struct pool conns, half_opens, time_waits, slices;
	struct pool repairs; /* struct tcp_gap */
	/* What it was given, where memory is scarce; elsewhere its own, which saves a load. */
#ifdef BOARD_IS_SMALL
	const struct tcp_config *config;
#else
	struct tcp_config config[1];
#endif
	struct siphash_key isn_key;
	struct tcp_reply reply[TCP_REPLIES_MAX];
	uint64_t table_key[TCP_TABLE_KEY_WORDS]; /* multipliers */
	/* Last: not there in images without SACK, cookies, IPv6 and counters. */
	struct pool boards;
	struct tcp_cookie_keys cookie;
	struct tcp_stats stats;
};

/* For calls from outside tcp_poll(): asks for a poll. */
void tcp_wake(struct tcp *tcp);

/* Section 3.7.1: without the option the peer takes the smallest that IP allows. */
static inline uint16_t tcp_mss_default(const struct tcp_tuple *t)
{
	return inet_is_v4(&t->remote) ? 536 : 1220;
}

/* The MSS option for a SYN (section 3.7.1). */
static inline uint16_t tcp_announced_mss(const struct ip_route *route, const struct tcp_tuple *t)
{
	return (uint16_t)tcp_mss_of_mtu(route->mtu, t);
}

#endif
