/* SPDX-License-Identifier: ISC */
/* TCP. */
#ifndef NET_TCP_CFG_H
#define NET_TCP_CFG_H

#include <fata/module.h>

#include "runtime/loop/loop.cfg.h"
#include "runtime/random/random.cfg.h"

/* As struct tcp_config of net/tcp/tcp.h; time_wait and half_open follow connections when 0. */
struct tcp_options {
	unsigned connections, half_open, time_wait, listeners, repairs;
	unsigned send_slices, send_bytes, recv_bytes, recv_packets;
	unsigned user_timeout_s, keepalive_interval_s, keepalive_count;
	unsigned keepalive_idle_s;         /* 0: no keep-alives */
	unsigned recv_initial, recv_total; /* 0: windows do not grow */
	bool cookies;                      /* SYN cookies (RFC 4987) */
	bool sack;              /* loss recovery by SACK; without it, and smaller, by NewReno */
	bool mtu_probing;       /* finds what the path bears when ICMP does not tell */
	const char *congestion; /* "cubic" or "newreno" … */
	const char *ecn;        /* "off", "passive" or "on" */
	bool nagle;             /* short segments wait; an application may say otherwise */
	/* struct tcp_parts of net/tcp/tcp.h, the same for all TCPs of an image */
	bool timestamps, reassembly, prediction, connect;
	bool congestion_key; /* … or what --congestion says; both are in the image then */
};

/* Without the parts that need memory in each connection (tcp_conn_bytes()). */
static inline bool fata_tcp_is_plain(const struct tcp_options *o)
{
	return !o->timestamps && !o->connect && !o->sack && !o->mtu_probing && o->recv_total == 0 &&
	       o->keepalive_idle_s == 0 && strcmp(o->ecn, "off") == 0 && !o->congestion_key &&
	       strcmp(o->congestion, "newreno") == 0;
}

/* What one entry of each takes at least, on the smallest machine; tests/config/test_sizes.py holds
 * them against the structures. */
static inline uint64_t fata_tcp_bytes(const struct tcp_options *o)
{
	enum {
		TCP_INSTANCE_BYTES = 608,
		TCP_CONNECTION_BYTES = 432,
		TCP_PLAIN_CONNECTION_BYTES = 328,
		TCP_HALF_OPEN_BYTES = 128,
		TCP_TIME_WAIT_BYTES = 112,
		TCP_TIMESTAMP_BYTES = 16, /* of the two above */
		TCP_SLICE_BYTES = 20,
		TCP_REPAIR_BYTES = 24,
		TCP_LISTENER_BYTES = 12,
		TCP_PLACE_BYTES = 4, /* in the table of endpoints or the heap of timers */
	};
	const uint64_t timers = o->connections + o->half_open, endpoints = timers + o->time_wait;
	const uint64_t repairs = o->repairs > 0 ? o->repairs : 2 * o->connections;
	const unsigned absent = o->timestamps ? 0 : TCP_TIMESTAMP_BYTES;
	uint64_t buckets = 1; /* a power of two */

	while (buckets < endpoints)
		buckets *= 2;
	return TCP_INSTANCE_BYTES +
	       (uint64_t)o->connections *
		       (fata_tcp_is_plain(o) ? TCP_PLAIN_CONNECTION_BYTES : TCP_CONNECTION_BYTES) +
	       (uint64_t)o->half_open * (TCP_HALF_OPEN_BYTES - absent) +
	       (uint64_t)o->time_wait * (TCP_TIME_WAIT_BYTES - absent) +
	       (uint64_t)o->send_slices * TCP_SLICE_BYTES + repairs * TCP_REPAIR_BYTES +
	       (uint64_t)o->listeners * TCP_LISTENER_BYTES + (timers + buckets) * TCP_PLACE_BYTES;
}

/* Of that, what is not there on a small board without IPv6: addresses, packets' own counts and the
 * copy of the configuration. */
static inline uint64_t fata_tcp_bytes_of_v6(const struct tcp_options *o)
{
	enum { TCP_TUPLE_BYTES = 24, TCP_SLICE_FLAGS_BYTES = 4, TCP_REPLIES = 3, TCP_POOLS = 152 };
	const uint64_t tuples = TCP_REPLIES + o->connections + o->half_open + o->time_wait;

	if (!fata_board_is_small())
		return 0;
	return TCP_POOLS + tuples * TCP_TUPLE_BYTES +
	       (uint64_t)o->send_slices * TCP_SLICE_FLAGS_BYTES;
}

static inline void fata_tcp_check(const struct tcp_options *o)
{
	enum { COUNT_MAX = 65535, BYTES_MAX = 1 << 30, SECONDS_MAX = 7 * 24 * 3600 };

	if (o->connections < 1 || o->connections > COUNT_MAX)
		fata_fault("TCP with %u connections: expected 1 to %u", o->connections, COUNT_MAX);
	if (o->half_open > COUNT_MAX || o->time_wait > COUNT_MAX || o->listeners > COUNT_MAX ||
	    o->repairs > COUNT_MAX || o->send_slices > COUNT_MAX || o->recv_packets > COUNT_MAX)
		fata_fault("TCP: half_open, time_wait, listeners, repairs, send_slices and "
			   "recv_packets are %u at most",
			   COUNT_MAX);
	if (o->send_slices < 1 || o->recv_packets < 1)
		fata_fault("TCP: send_slices and recv_packets are 1 at least");
	if (o->user_timeout_s > SECONDS_MAX || o->keepalive_idle_s > SECONDS_MAX ||
	    o->keepalive_interval_s < 1 || o->keepalive_interval_s > SECONDS_MAX)
		fata_fault("TCP: user_timeout_s, keepalive_idle_s and keepalive_interval_s are a "
			   "week at most, %u, and the last is 1 at least",
			   SECONDS_MAX);
	if (o->recv_total > BYTES_MAX ||
	    (o->recv_total > 0 && (o->recv_initial < 1 || o->recv_initial > o->recv_bytes)))
		fata_fault("TCP: windows that grow (recv_total, %u at most) begin with a "
			   "recv_initial of 1 to recv_bytes",
			   BYTES_MAX);
	if (o->keepalive_count > 255)
		fata_fault("TCP with %u keep-alives: expected 255 at most", o->keepalive_count);
	if (o->send_bytes > BYTES_MAX || o->recv_bytes > BYTES_MAX)
		fata_fault("TCP: send_bytes and recv_bytes are %u at most", BYTES_MAX);
}

#define FATA_TCP_CONGESTION "newreno|cubic"

static inline bool fata_tcp_is_cubic(const struct tcp_options *o)
{
	bool cubic = strcmp(o->congestion, "cubic") == 0;

	if (!cubic && strcmp(o->congestion, "newreno") != 0)
		fata_fault("TCP with congestion control \"%s\": expected one of %s", o->congestion,
			   FATA_TCP_CONGESTION);
	return cubic;
}

/* What --congestion chooses, in C. */
#define FATA_TCP_CHOSEN "$congestion == 0 ? &tcp_newreno : &tcp_cubic"

/*
 * Where memory is scarce TCP keeps no copy of its configuration, which so must last: what only the
 * start knows is put into it there. Elsewhere one that does not last is a constant but for that,
 * and saves code.
 */
static inline bool fata_tcp_is_completed(const struct tcp_options *o)
{
	return o->congestion_key && fata_board_is_small();
}

/* What struct tcp_config says of congestion control, in C. */
static inline const char *fata_tcp_congestion(const struct tcp_options *o)
{
	if (fata_tcp_is_completed(o))
		return "NULL";
	if (o->congestion_key)
		return FATA_TCP_CHOSEN;
	return fata_tcp_is_cubic(o) ? "&tcp_cubic" : "&tcp_newreno";
}

/* How long struct tcp_config lasts. */
static inline const char *fata_tcp_storage(const struct tcp_options *o)
{
	if (fata_tcp_is_completed(o))
		return "static";
	return o->congestion_key ? "const" : "static const";
}

static inline const char *fata_tcp_ecn(const struct tcp_options *o)
{
	if (strcmp(o->ecn, "passive") == 0)
		return "TCP_ECN_PASSIVE";
	if (strcmp(o->ecn, "on") == 0)
		return "TCP_ECN_ON";
	if (strcmp(o->ecn, "off") != 0)
		fata_fault("TCP with ECN \"%s\": expected one of off|passive|on", o->ecn);
	return "TCP_ECN_OFF";
}

/* The key, or nothing that an image would have to start. */
static inline struct fata_node *fata_tcp_congestion_key(ip_t ip, const struct tcp_options *o)
{
	if (!o->congestion_key)
		return NULL;
	return fata_key_enum(fata_key_name(ip.node, "congestion"),
			     fata_tcp_is_cubic(o) ? "cubic" : "newreno", FATA_TCP_CONGESTION,
			     "congestion control of TCP",
			     &(const struct fata_key_options){.stage = BOOT_TIME});
}

/* What the image's TCPs can do together: a constant, unless it is all that there is. */
static inline struct fata_node *fata_tcp_parts(const struct tcp_options *o)
{
	static bool sack, ecn, mtu_probing, cookies, tuning, keepalive;
	static const char *first;
	static char parts[512]; /* one text, which each further TCP may change */
	const bool bare = !o->timestamps || !o->reassembly || !o->prediction || !o->connect;
	const char *common =
		fata_text("const struct tcp_parts tcp_parts = {\n"
			  "\t.timestamps = %s,\n"
			  "\t.reassembly = %s,\n"
			  "\t.prediction = %s,\n"
			  "\t.connect = %s,\n",
			  o->timestamps ? "true" : "false", o->reassembly ? "true" : "false",
			  o->prediction ? "true" : "false", o->connect ? "true" : "false");

	if (first != NULL && strcmp(first, common) != 0)
		fata_fault("TCPs of one image that leave out timestamps, reassembly, prediction or "
			   "connect leave out the same");
	first = common;
	sack |= o->sack;
	ecn |= strcmp(o->ecn, "off") != 0;
	mtu_probing |= o->mtu_probing;
	cookies |= o->cookies;
	tuning |= o->recv_total > 0;
	/* They are left out by the pointer in struct tcp_config, too, unless an application sets
	 * it. */
	keepalive |= !bare || o->keepalive_idle_s > 0;
	snprintf(parts, sizeof(parts),
		 "%s"
		 "\t.sack = %s,\n"
		 "\t.ecn = %s,\n"
		 "\t.mtu_probing = %s,\n"
		 "\t.cookies = %s,\n"
		 "\t.tuning = %s,\n"
		 "\t.keepalive = %s,\n"
		 "};",
		 common, sack ? "true" : "false", ecn ? "true" : "false",
		 mtu_probing ? "true" : "false", cookies ? "true" : "false",
		 tuning ? "true" : "false", keepalive ? "true" : "false");
	const struct fata_spec spec = {
		.kind = "tcp-parts",
		.about = "what TCP can do",
		.headers = "net/tcp/tcp.h",
		.state = parts,
	};
	const bool all = !bare && sack && ecn && mtu_probing && cookies && tuning;

	return all ? NULL : fata_single(&spec, "tcp-parts", FATA_USES());
}

static inline tcp_t tcp_over(ip_t ip, const struct tcp_options *given)
{
	struct tcp_options o = *given;
	struct fata_node *eth = fata_below(ip.node, "eth");

	if (o.half_open == 0)
		o.half_open = o.connections;
	if (o.time_wait == 0)
		o.time_wait = o.connections;
	fata_tcp_check(&o);
	if (eth == NULL)
		fata_fault("tcp_over(): there is no Ethernet below whose packets it could use");
	const struct fata_spec spec = {
		.kind = "tcp",
		.about = fata_text("TCP (RFC 9293), %u connections", o.connections),
		.signature = &fata_signature_tcp,
		.modules = "net/tcp",
		.headers = "base/attr.h net/eth/eth.h net/tcp/tcp.h runtime/heap/heap.h",
		.state = "static struct tcp *$self;",
		.value = "$self",
		.start = fata_text(
			"%s struct tcp_config config = {\n"
			"\t.connections = %u,\n"
			"\t.half_open = %u,\n"
			"\t.time_wait = %u,\n"
			"\t.listeners = %u,\n"
			"\t.repairs = %u,\n"
			"\t.send_slices = %u,\n"
			"\t.send_bytes = %u,\n"
			"\t.recv_bytes = %u,\n"
			"\t.recv_packets = %u,\n"
			"\t.user_timeout_s = %u,\n"
			"\t.keepalive_idle_s = %u,\n"
			"\t.keepalive_interval_s = %u,\n"
			"\t.keepalive_count = %u,\n"
			"\t.nagle = %s,\n"
			"\t.recv_initial = %u,\n"
			"\t.recv_total = %u,\n"
			"\t.tuning = %s,\n"
			"\t.keepalive = %s,\n"
			"\t.cookies = %s,\n"
			"\t.ecn = %s,\n"
			"\t.congestion = %s,\n"
			"\t.mtu_probing = %s,\n"
			"\t.sack = %s,\n"
			"};\n"
			"%s"
			"void *memory = memory_take(\"TCP connections\", CACHE_LINE_BYTES,\n"
			"\t\t\t   tcp_memory_bytes(&config));\n"
			"return tcp_init(&$self, memory, &config, $ip, ($eth)->tx, "
			"$rng, $waker);",
			fata_tcp_storage(&o), o.connections, o.half_open, o.time_wait, o.listeners,
			o.repairs, o.send_slices, o.send_bytes, o.recv_bytes, o.recv_packets,
			o.user_timeout_s, o.keepalive_idle_s, o.keepalive_interval_s,
			o.keepalive_count, o.nagle ? "true" : "false", o.recv_initial, o.recv_total,
			o.recv_total > 0 ? "true" : "false",
			o.keepalive_idle_s > 0 ? "&tcp_keepalive" : "NULL",
			o.cookies ? "true" : "false", fata_tcp_ecn(&o), fata_tcp_congestion(&o),
			o.mtu_probing ? "true" : "false", o.sack ? "true" : "false",
			fata_tcp_is_completed(&o) ? "config.congestion = " FATA_TCP_CHOSEN ";\n"
						  : ""),
		.poll = "tcp_poll($self, now_us)",
		.counters = "metrics_add($page, &tcp_counters, tcp_stats($self), $name);\n"
			    "metrics_add_rows($page, &tcp_info_counters, tcp_info_row, $self, "
			    "$name);\n"
			    "metrics_add_rows($page, &pool_counters, tcp_pool_row, $self, $name);",
		.connections = o.connections,
		.ram_bytes = fata_tcp_bytes(&o),
		.ram_bytes_of_v6 = fata_tcp_bytes_of_v6(&o),
		.ram_use = "connections",
	};
	return (tcp_t){
		fata_device(&spec, fata_name_over(ip.node, "tcp"),
			    FATA_USES({"ip", ip.node}, {"eth", eth}, {"rng", (default_rng)().node},
				      {"parts", fata_tcp_parts(&o)}, {"heap", fata_heap()},
				      {"congestion", fata_tcp_congestion_key(ip, &o)}))};
}

#define TCP_DEFAULTS                                                                               \
	.connections = 64, .half_open = 0, .time_wait = 0, .listeners = 4, .repairs = 0,           \
	.send_slices = 512, .send_bytes = 65536, .recv_bytes = 65536, .recv_packets = 64,          \
	.cookies = true, .sack = true, .congestion = "cubic", .congestion_key = false,             \
	.ecn = "passive", .mtu_probing = true, .nagle = false, .user_timeout_s = 0,                \
	.keepalive_idle_s = 0, .keepalive_interval_s = 75, .keepalive_count = 9,                   \
	.recv_initial = 0, .recv_total = 0, .timestamps = true, .reassembly = true,                \
	.prediction = true, .connect = true
#define TCP_OPTIONS(...)  (&(const struct tcp_options){TCP_DEFAULTS, __VA_ARGS__})
#define tcp_over(IP, ...) FATA_HERE(tcp_over((IP), TCP_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(tcp_over, "tcp_t tcp_over(ip_t ip, " FATA_TEXT_OF(TCP_DEFAULTS) ")",
	    "TCP, with the options of net/tcp/tcp.h; half_open and time_wait of 0: as connections")

#endif
