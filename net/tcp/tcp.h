/* SPDX-License-Identifier: ISC */
/*
 * TCP (RFC 9293): a state machine without I/O.
 *
 * One struct tcp serves one network layer. Segments come in through the binding to `ip`
 * (net/ip/ip.h) and change state only; tcp_poll() then sends what became due (data,
 * acknowledgements, retransmissions, probes) by ip_output() and tells the flows' users what
 * happened (hal/flow.h). So a batch of segments costs one acknowledgement and one event. Time is an
 * argument; there is no file-scope state, so many instances live side by side in one test.
 *
 * Memory is bounded by struct tcp_config: connections, half-open connections, send slices and
 * out-of-order packets come from arrays that the caller gives. A connection that a stranger opens
 * takes a small entry until its handshake is complete. The handshake begins when there is a place
 * for the connection; until then the SYN waits, some seconds at most, and when there are no entries
 * either it is answered by a cookie if it may be (struct tcp_config), else dropped and counted. Of
 * slices and packets no connection has more than it leaves for others, so peers that do not read or
 * acknowledge starve nobody.
 */
#ifndef NET_TCP_TCP_H
#define NET_TCP_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/waker.h"
#include "hal/flow.h"
#include "hal/rng.h"
#include "net/ip/ip.h"

/* Explicit congestion notification (RFC 3168). */
enum tcp_ecn {
	TCP_ECN_PASSIVE, /* if the peer asks for it */
	TCP_ECN_OFF,
	TCP_ECN_ON, /* ask for it, too */
};

/* Congestion control (net/tcp/cc.h), for struct tcp_config. */
struct tcp_cc_ops;
extern const struct tcp_cc_ops tcp_newreno, tcp_cubic;

/* Keep-alives (RFC 9293 section 3.8.4), for struct tcp_config. */
struct tcp_keepalive;
extern const struct tcp_keepalive tcp_keepalive;

struct tcp_config {
	uint16_t connections;  /* established or closing, at most; TIME-WAIT not counted */
	uint16_t half_open;    /* SYN-RECEIVED, at most */
	uint16_t time_wait;    /* remembered; the oldest is forgotten for a new one */
	uint16_t listeners;    /* ports */
	uint16_t repairs;      /* losses that are repaired at once; 0: all connections' */
	uint32_t send_slices;  /* unacknowledged slices of all connections together */
	uint32_t send_bytes;   /* unacknowledged or unsent, of one connection */
	uint32_t recv_bytes;   /* receive window of one connection */
	uint32_t recv_packets; /* that one connection may hold: full ones are all it promises */
	/* Seconds in which nothing of what was sent, a SYN included, is acknowledged, nor a window
	 * probe answered: the connection is given up at the next timeout (RFC 5482). 0: 100 s, for
	 * a SYN 180 s. */
	uint32_t user_timeout_s;
	uint32_t keepalive_idle_s;     /* of silence; the peer is asked then … */
	uint32_t keepalive_interval_s; /* … and each time so much later … */
	uint8_t keepalive_count;       /* … and given up after so many without an answer */
	uint32_t recv_initial;         /* with tuning: a window begins with so many bytes, … */
	uint32_t recv_total;           /* … and all together may grow by so many */
	bool tuning;                   /* receive windows grow with what a path delivers */
	/* NULL: none; then they are not in the image. */
	const struct tcp_keepalive *keepalive;
	const struct tcp_cc_ops *congestion; /* NULL: &tcp_newreno */
	enum tcp_ecn ecn;
	bool nagle; /* connections begin with it on; see tcp_set_nodelay() */
	/* With cookies (RFC 4987 section 3.6) a SYN for which no half-open entry is free is
	 * answered all the same, as long as connections are. */
	bool cookies;
	bool mtu_probing; /* of the path: net/tcp/plpmtud.h */
	bool sack;        /* loss recovery by SACK: net/tcp/sack.h */
};

/* Sensible values for a small server: 64 connections, 64 KiB windows. */
extern const struct tcp_config tcp_config_default;

/*
 * What the TCPs of the image can do at all. It is a constant of the image, so that the linker
 * leaves out what is false; an image that does not define it has all. Without any of it TCP is
 * what RFC 9293, 5681 and 6298 ask for. What stands in the last two lines is necessary for the same
 * of struct tcp_config.
 */
struct tcp_parts {
	bool timestamps; /* RFC 7323; windows are scaled in any case */
	bool reassembly; /* keeps what arrives out of order; else the peer sends it again */
	bool prediction; /* the short way for nearly all segments */
	bool connect;    /* tcp_connect() (else asserted), and simultaneous opens */
	bool sack, ecn, mtu_probing;
	bool cookies, tuning, keepalive;
};

extern const struct tcp_parts tcp_parts;

struct tcp_stats {
	uint64_t segments_in, segments_out, bytes_in, bytes_out;
	uint32_t retransmits, timeouts, out_of_order, duplicates;
	uint32_t spurious; /* losses that were none: the window was restored */
	uint32_t bad_checksum, bad_header, no_listener, bad_sequence;
	uint32_t cookies_sent, cookies_taken; /* SYNs answered without an entry, and completed */
	uint32_t keepalives;
	uint32_t syn_dropped, resets_in, resets_out, challenge_acks;
	uint32_t abandoned;  /* handshakes that their peers did not complete in time */
	uint32_t unexpected; /* segments that their state has no use for, and resets of no weight */
	uint32_t to_many;    /* segments to a group or a broadcast address, or from one */
	uint32_t replies_full;  /* resets and acknowledgements not sent: too many at once */
	uint32_t out_of_memory; /* segments or data dropped because a pool was empty */
	uint32_t accepted, connected, failed;
	uint32_t sent_twice;  /* segments of ours that the peer got twice, as far as it says so */
	uint32_t tail_probes; /* sent instead of waiting for a timeout */
	uint32_t marked;      /* segments that routers marked instead of dropping them … */
	uint32_t echoed;      /* … and times that our window shrank because ours were */
	uint32_t black_holes; /* times that segments became smaller since full ones do not arrive */
	uint32_t mtu_probes;  /* larger segments sent to see whether they arrive */
	uint32_t bad_sack;    /* blocks of what was never sent, or of nothing */
	uint32_t old_timestamp; /* segments refused for it, or for the want of one */
};

/* It, described (base/counter.h). */
extern const struct counters tcp_counters;

/* How a connection is doing, at this moment. */
struct tcp_info {
	struct ip_addr local, remote;
	uint16_t local_port, remote_port;
	uint32_t rtt_us, rtt_var_us, rto_us; /* RFC 6298; the first two 0 before any measurement */
	uint32_t cwnd_bytes, ssthresh_bytes; /* RFC 5681 */
	uint32_t mss_bytes; /* of what is sent: the path's, as far as it is known */
	uint32_t send_window_bytes, recv_window_bytes;
	uint32_t unacked_bytes;    /* SND.MAX - SND.UNA */
	uint32_t send_queue_bytes; /* written and not acknowledged */
	uint32_t recv_queue_bytes; /* received and not read */
	uint32_t recv_packets;     /* buffers of the device that it holds, out of order included */
	uint32_t memory_bytes;     /* of TCP's own pools */
};

/* What is in use of the pools that struct tcp_config sizes. */
struct tcp_usage {
	uint32_t connections, half_open, time_wait, send_slices, repairs;
	uint32_t recv_packets; /* buffers of devices that connections hold */
	size_t used_bytes;     /* by what is in use … */
	size_t memory_bytes;   /* … of so many: tcp_memory_bytes() */
};

/* It, described, for tcp_info_row(). */
extern const struct counters tcp_info_counters;

struct tcp;

/* Bytes of memory that tcp_init() needs for `config`. */
size_t tcp_memory_bytes(const struct tcp_config *config);

/*
 * Makes an instance in `memory` (CACHE_LINE_BYTES aligned, tcp_memory_bytes() long), binds it to
 * `ip`, and returns it. `config` must outlive it. Segments and copied data are built in packets of
 * `tx`, whose buffers must hold PKT_HEADROOM + 128 bytes or more (2048 is good for write_copy).
 * `rng` gives the secrets of the initial sequence numbers (RFC 6528), and from time to time those
 * of SYN cookies. `work` is woken when a call from outside tcp_poll() has made work for it.
 * ERR_NOTREADY when the rng is unseeded, ERR_EXISTS when `ip` has a TCP already.
 */
MUST_USE enum err tcp_init(struct tcp **out, void *memory, const struct tcp_config *config,
			   struct ip *ip, struct pkt_pool *tx, struct rng *rng, struct waker work);

/*
 * Listens on `port` at every local address; accept(arg, flow, now) is called from tcp_poll() for
 * each connection whose handshake is complete. ERR_EXISTS, ERR_NOMEM.
 */
MUST_USE enum err tcp_listen(struct tcp *tcp, uint16_t port, flow_accept_fn *accept, void *arg);

/* Stops listening; connections that exist go on. */
void tcp_unlisten(struct tcp *tcp, uint16_t port);

/*
 * Begins to connect. OK: *flow is the caller's; it gets FLOW_CONNECTED or FLOW_FAILED later.
 * ERR_NOMEM, ERR_UNREACHABLE, ERR_NOTREADY.
 */
MUST_USE enum err tcp_connect(struct tcp *tcp, const struct ip_addr *addr, uint16_t port,
			      uint64_t now_us, struct flow **flow);

/*
 * TCP_NODELAY, for a flow of this instance: whether what is written goes out at once, or a segment
 * that is not full waits until nothing is in flight (Nagle, RFC 9293 section 3.7.4). What is
 * written in one batch leaves in full segments in any case, so that Nagle is off unless
 * config.nagle says otherwise: it is for users that write little and often.
 */
void tcp_set_nodelay(struct flow *flow, bool on);

/*
 * The user timeout of a flow of this instance (RFC 5482), in place of config.user_timeout_s; 0: the
 * standard's; 65,534 at most. It counts from the next timeout on.
 */
void tcp_set_user_timeout(struct flow *flow, uint16_t seconds);

/*
 * After how many seconds of silence the peer of a flow of this instance is asked whether it is
 * there, in place of config.keepalive_idle_s; 0: never. How often and how many times follows the
 * configuration, whose keepalive_interval_s is not 0. 65,534 at most. An image that calls this
 * has keep-alives.
 */
void tcp_set_keepalive(struct flow *flow, uint16_t idle_s);

/*
 * Sends what is due, handles what timed out, delivers events. Returns the time of the next call in
 * microseconds, or TIME_NEVER. Call after each batch of input, when woken, and at that time.
 */
uint64_t tcp_poll(struct tcp *tcp, uint64_t now_us);

/* Our address and port of a connection; an assertion fails for a flow that is none. */
void tcp_local(struct flow *f, struct ip_addr *addr, uint16_t *port);

/* The network layer below. */
struct ip *tcp_ip(const struct tcp *tcp);

struct tcp_usage tcp_usage(const struct tcp *tcp);

/* Counters; borrowed, live. */
const struct tcp_stats *tcp_stats(const struct tcp *tcp);

/*
 * The next connection from *cursor on, which is 0 at first. False: there is none. Connections may
 * come and go between calls.
 */
bool tcp_info(const struct tcp *tcp, uint32_t *cursor, struct tcp_info *info);

/* The same as rows for a page of counters, of a struct tcp. */
counter_row_fn tcp_info_row;

/* The pools that struct tcp_config sizes, as rows of pool_counters, of a struct tcp. */
counter_row_fn tcp_pool_row;

/* Connections now, of all states but TIME-WAIT. */
unsigned tcp_connections(const struct tcp *tcp);

#endif
