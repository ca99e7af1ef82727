/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/attr.h"
#include "net/tcp/tcp_internal.h"

enum {
	LABELS_CHARS = sizeof("local=\"[]:65535\",remote=\"[]:65535\"") +
		       2 * (size_t)(INET_ADDR_CHARS - 1),
};

#define TCP_INFO_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                         \
	GAUGE_US(struct tcp_info, rtt_us, "rtt_seconds" COUNTS("Round trip, smoothed"))            \
	GAUGE_US(struct tcp_info, rtt_var_us, "rtt_variation_seconds")                             \
	GAUGE_US(struct tcp_info, rto_us, "rto_seconds")                                           \
	GAUGE(struct tcp_info, cwnd_bytes, "cwnd_bytes")                                           \
	GAUGE(struct tcp_info, ssthresh_bytes, "ssthresh_bytes")                                   \
	GAUGE(struct tcp_info, mss_bytes, "mss_bytes")                                             \
	GAUGE(struct tcp_info, send_window_bytes, "send_window_bytes")                             \
	GAUGE(struct tcp_info, recv_window_bytes, "recv_window_bytes")                             \
	GAUGE(struct tcp_info, unacked_bytes, "unacked_bytes" COUNTS("Sent, not acknowledged"))    \
	GAUGE(struct tcp_info, send_queue_bytes,                                                   \
	      "send_queue_bytes" COUNTS("Written, not acknowledged"))                              \
	GAUGE(struct tcp_info, recv_queue_bytes,                                                   \
	      "recv_queue_bytes" COUNTS("Received and not read"))                                  \
	GAUGE(struct tcp_info, recv_packets, "recv_packets" COUNTS("Buffers of the device held"))  \
	GAUGE(struct tcp_info, memory_bytes, "memory_bytes")

const struct counters tcp_info_counters = COUNTERS("tcp", TCP_INFO_COUNTERS);

static uint32_t memory_of(const struct tcp_conn *c)
{
	return (uint32_t)(c->tcp->conns.object_bytes + c->snd.slices * sizeof(struct tcp_slice) +
			  (conn_has_board(c) ? sizeof(struct tcp_board) : 0) +
			  (c->rcv.gap != NULL ? sizeof(struct tcp_gap) : 0));
}

static void fill(const struct tcp_conn *c, struct tcp_info *info)
{
	*info = (struct tcp_info){
		.local = c->ep.tuple.local,
		.remote = c->ep.tuple.remote,
		.local_port = c->ep.tuple.local_port,
		.remote_port = c->ep.tuple.remote_port,
		.rtt_us = c->rto.srtt_us,
		.rtt_var_us = c->rto.rttvar_us,
		.rto_us = rto_interval_us(&c->rto),
		.cwnd_bytes = c->cc.cwnd,
		.ssthresh_bytes = c->cc.ssthresh,
		.mss_bytes = c->snd.mss,
		.send_window_bytes = c->snd.wnd,
		.recv_window_bytes = conn_recv_window(c),
		.unacked_bytes = c->snd.max - c->snd.una,
		.send_queue_bytes = c->snd.bytes,
		.recv_queue_bytes = c->rcv.bytes,
		.recv_packets = c->rcv.packets,
		.memory_bytes = memory_of(c),
	};
}

/* By their places in the pool, where what was given back is in no table. */
bool tcp_info(const struct tcp *tcp, uint32_t *cursor, struct tcp_info *info)
{
	while (*cursor < tcp->conns.touched) {
		size_t at = (*cursor)++ * tcp->conns.object_bytes;
		const struct tcp_conn *c = (const void *)(tcp->conns.objects + at);
		if (c->ep.in_table) {
			fill(c, info);
			return true;
		}
	}
	return false;
}

/* local="10.0.2.15:80",remote="10.0.2.2:1024" */
static UNGUARDED void put_endpoints(char *text, const struct tcp_info *i)
{
	char local[INET_ADDR_CHARS], remote[INET_ADDR_CHARS];
	const char *format = ip_addr_is_v4(&i->local) ? "local=\"%s:%u\",remote=\"%s:%u\""
						      : "local=\"[%s]:%u\",remote=\"[%s]:%u\"";

	(void)snprintf(text, LABELS_CHARS, format, inet_format(&i->local, local), i->local_port,
		       inet_format(&i->remote, remote), i->remote_port);
}

bool tcp_info_row(const void *of, uint32_t *cursor, void *row, char *labels)
{
	struct tcp_info *info = row;
	_Static_assert(sizeof(*info) <= COUNTER_ROW_BYTES, "a row holds it");
	_Static_assert((size_t)LABELS_CHARS <= COUNTER_LABELS_BYTES, "labels hold both");
	if (!tcp_info(of, cursor, info))
		return false;
	put_endpoints(labels, info);
	return true;
}

/* The last one is not there in an image without SACK. */
static const struct {
	char name[14];
	uint16_t at; /* in struct tcp */
} pools[] = {
	{"connections", offsetof(struct tcp, conns)},
	{"half_open", offsetof(struct tcp, half_opens)},
	{"time_wait", offsetof(struct tcp, time_waits)},
	{"send_slices", offsetof(struct tcp, slices)},
	{"gaps", offsetof(struct tcp, repairs)},
	{"scoreboards", offsetof(struct tcp, boards)},
};

bool tcp_pool_row(const void *of, uint32_t *cursor, void *row, char *labels)
{
	_Static_assert(sizeof(struct pool) <= COUNTER_ROW_BYTES, "a row holds it");
	if (*cursor >= sizeof(pools) / sizeof(pools[0]) - !tcp_parts.sack)
		return false;
	memcpy(row, (const uint8_t *)of + pools[*cursor].at, sizeof(struct pool));
	(void)snprintf(labels, COUNTER_LABELS_BYTES, "pool=\"%s\"", pools[*cursor].name);
	++*cursor;
	return true;
}

static size_t pool_used_bytes(const struct pool *p)
{
	return p->used * p->object_bytes;
}

static const struct pool *boards_of(const struct tcp *tcp)
{
	static const struct pool none;

	return tcp_parts.sack ? &tcp->boards : &none;
}

struct tcp_usage tcp_usage(const struct tcp *tcp)
{
	return (struct tcp_usage){
		.connections = tcp->conns.used,
		.half_open = tcp->half_opens.used,
		.time_wait = tcp->time_waits.used,
		.send_slices = tcp->slices.used,
		.repairs = tcp->repairs.used + boards_of(tcp)->used,
		.recv_packets = tcp->held,
		.used_bytes = pool_used_bytes(&tcp->conns) + pool_used_bytes(&tcp->half_opens) +
			      pool_used_bytes(&tcp->time_waits) + pool_used_bytes(&tcp->slices) +
			      pool_used_bytes(&tcp->repairs) + pool_used_bytes(boards_of(tcp)),
		.memory_bytes = tcp_memory_bytes(tcp->config),
	};
}
