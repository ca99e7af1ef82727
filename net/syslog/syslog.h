/* SPDX-License-Identifier: ISC */
/*
 * Log lines for a server of syslog (RFC 5424), over UDP (RFC 5426).
 *
 * It is a sink of the log (base/log.h): a line waits in a ring until the network takes it, at most
 * SYSLOG_PER_S a second. When the ring is full further lines are dropped; messages are numbered, so
 * that the server sees it. What is logged while a message is on its way down the layers is not
 * sent: it would lead to the next.
 *
 * The caller owns the struct, whose members are the syslog's, the lines, and the texts of struct
 * syslog_config. Time is an argument; all calls come from the event loop.
 */
#ifndef NET_SYSLOG_SYSLOG_H
#define NET_SYSLOG_SYSLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/log.h"
#include "base/pkt.h"
#include "base/waker.h"
#include "base/wall_clock.h"
#include "hal/timer.h"
#include "net/syslog/syslog_msg.h"
#include "net/udp/udp.h"

enum {
	SYSLOG_PORT = 514,
	SYSLOG_TEXT_BYTES = 200, /* of a line that are kept */
	SYSLOG_MODULE_CHARS = 16,
	SYSLOG_PER_S = 50,
	SYSLOG_BURST = 50,
	SYSLOG_RETRY_US = 500 * US_PER_MS, /* when there is no way to the server */
};

struct syslog_config {
	const char *server;   /* "10.0.2.2", "10.0.2.2:5514", "fd00::2", "[fd00::2]:514" */
	const char *hostname; /* NULL or "": the address that it is sent from */
	const char *app_name;
	uint8_t facility;     /* RFC 5424 table 1: 16 is local0 */
	enum log_level level; /* the least important that is sent */
};

/* One that waits. */
struct syslog_line {
	uint64_t at_us;
	uint32_t number;
	uint8_t level, len;
	char module[SYSLOG_MODULE_CHARS];
	char text[SYSLOG_TEXT_BYTES];
};

struct syslog_stats {
	uint32_t sent;
	uint32_t overflow; /* dropped, since the ring was full */
	uint32_t own;      /* not sent, since they came of sending */
	uint32_t refused;  /* dropped, since the layers below would never take them */
	uint32_t retries;  /* attempts without success */
};

/* It, described (base/counter.h). */
extern const struct counters syslog_counters;

struct syslog {
	struct log_sink sink; /* to be added to the log */
	struct syslog_config config;
	struct udp *udp;
	struct pkt_pool *tx;
	const struct wall_clock *wall;
	struct waker work;
	struct udp_socket socket;
	struct udp_peer server;
	char addr[INET_ADDR_CHARS]; /* ours, where there is no hostname */
	struct syslog_line *lines;
	uint16_t lines_max, first, count;
	uint32_t number; /* of the last line */
	bool sending;
	uint16_t tokens;    /* messages that may be sent now */
	uint64_t tokens_us; /* as of when */
	uint64_t due_us;
	struct syslog_stats stats;
};

/*
 * Makes a sink for lines of `config`, which is copied. `lines` is the ring, `lines_max` long. `tx`
 * supplies packets, whose buffers hold PKT_HEADROOM + SYSLOG_HEADER_BYTES_MAX bytes; what of the
 * text does not fit is cut off. `wall` tells the time of lines, as far as it is known when they are
 * sent. `work` is woken when there is something to do for syslog_poll(). ERR_INVALID, with a log
 * line, for a server that is none; the errors of udp_open().
 */
MUST_USE enum err syslog_init(struct syslog *s, const struct syslog_config *config,
			      struct syslog_line *lines, uint16_t lines_max, struct udp *udp,
			      struct pkt_pool *tx, const struct wall_clock *wall,
			      struct waker work);

/* Reads "ADDR" or "ADDR:PORT", an IPv6 address with a port in brackets. ERR_INVALID. */
MUST_USE enum err syslog_parse_server(const char *text, struct udp_peer *server);

/* Sends what waits. Returns the time of its next call, or TIME_NEVER. */
uint64_t syslog_poll(struct syslog *s, uint64_t now_us);

#endif
