/* SPDX-License-Identifier: ISC */
/*
 * One test at a time, as iperf3 makes them: a control connection, on which the sides exchange
 * parameters, states and results, and up to eight streams of TCP or UDP. The fiber of the control
 * connection conducts; each TCP stream has a fiber of its own, all UDP streams that send have one
 * together. They share the one struct iperf_test.
 */
#ifndef APPS_IPERF_IPERF_H
#define APPS_IPERF_IPERF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/connector.h"
#include "hal/timer.h"
#include "net/tcp/tcp.h"
#include "net/udp/udp.h"
#include "runtime/fiber/fiber.h"
#include "runtime/fiber/stream.h"
#include "runtime/time.h"

enum {
	IPERF_STREAMS_MAX = 8,
	IPERF_COOKIE_BYTES = 37,    /* 36 characters and a NUL */
	IPERF_MESSAGE_BYTES = 8192, /* of parameters or results */
	IPERF_TCP_BYTES = 128 << 10,
	IPERF_UDP_BYTES = 1448,
	IPERF_UDP_BYTES_MAX = 1472, /* that no network on the way needs to divide */
	IPERF_FIBERS = 2 + 2 * IPERF_STREAMS_MAX,
	IPERF_STACK_BYTES = 8192,
};

/* How long the other side may take for each step of the exchange. */
#define IPERF_STEP_US (10 * (uint64_t)US_PER_S)

/* On the control connection, one byte each. */
enum iperf_state {
	IPERF_TEST_START = 1,
	IPERF_TEST_RUNNING = 2,
	IPERF_TEST_END = 4,
	IPERF_PARAM_EXCHANGE = 9,
	IPERF_CREATE_STREAMS = 10,
	IPERF_SERVER_TERMINATE = 11,
	IPERF_CLIENT_TERMINATE = 12,
	IPERF_EXCHANGE_RESULTS = 13,
	IPERF_DISPLAY_RESULTS = 14,
	IPERF_DONE = 16,
	IPERF_SERVER_ERROR = 0xfe,
	IPERF_ACCESS_DENIED = 0xff,
};

struct iperf_params {
	bool udp, reverse, counters64;
	bool unsupported; /* something was asked for that this side does not do */
	uint8_t streams;
	uint32_t time_s, omit_s;
	uint32_t block_bytes;
	uint64_t bytes, blocks; /* to send in place of a time; 0: not so */
	uint64_t rate_bits;     /* a second, of each stream; 0: no limit */
};

/* What one side says of a stream. */
struct iperf_result {
	uint64_t bytes, packets, lost;
	uint64_t jitter_us;
};

struct iperf_stream {
	struct iperf_test *test;
	unsigned id; /* 1, 3, 4, 5 … */
	struct iperf_result mine, theirs;
	/* UDP */
	struct udp_socket *socket;
	struct udp_peer peer;
	bool answered;    /* as client: the server knows it */
	uint64_t highest; /* number of the latest datagram, from 1 */
	uint64_t omitted, reordered;
	int64_t transit_us;
	uint64_t jitter_16; /* in sixteenths of a microsecond */
	bool begun;
};

struct iperf_test {
	struct iperf_params params;
	char cookie[IPERF_COOKIE_BYTES];
	struct fiber *control; /* NULL: there is no test */
	struct ip_addr peer;   /* whose control connection it is */
	bool is_client, accepting, running, ended;
	unsigned opened, carriers; /* streams; fibers that carry them */
	struct fiber *carrier[IPERF_STREAMS_MAX + 1];
	uint64_t begin_us, count_us, end_us; /* of the test, of counting, of the test */
	uint64_t moved;                      /* bytes, counted or not */
	struct iperf_stream stream[IPERF_STREAMS_MAX];
};

/* What a test goes over. */
struct iperf_layers {
	struct tcp *tcp;
	struct udp *udp;
	struct pkt_pool *tx;
	struct connector *connector;
};

extern struct iperf_test iperf_test;
extern struct fiber_pool *iperf_fibers;

/* --- test.c: the life of a test -------------------------------------------------------------- */

/* This side is the one that sends. */
static inline bool iperf_sends(const struct iperf_test *t)
{
	return t->is_client != t->params.reverse;
}

/* The running fiber begins to conduct a test. */
void iperf_test_open(struct iperf_test *t, const struct ip_addr *peer, bool is_client);

/* Time begins to run for the streams, or stops. */
void iperf_test_begin(struct iperf_test *t);
void iperf_test_end(struct iperf_test *t);

/* Ends all fibers that carry streams, and the test. */
void iperf_test_close(struct iperf_test *t);

/* Another stream is there: NULL if there are enough. */
struct iperf_stream *iperf_stream_open(struct iperf_test *t);

/* The running fiber carries streams from here on; false: the test has ended meanwhile. */
MUST_USE bool iperf_carry(struct iperf_test *t);
void iperf_carry_no_more(struct iperf_test *t);

/* Waits, as a carrier, until the test runs; ERR_CANCELLED. */
MUST_USE enum err iperf_wait_running(struct iperf_test *t);

/* Adds to what a stream has moved, if that counts now. */
void iperf_count(struct iperf_stream *s, size_t bytes);

/* The test is one of an amount, and all streams together have moved that. */
bool iperf_moved_enough(const struct iperf_test *t);

/* Microseconds for which was counted, so far or in all. */
uint64_t iperf_counted_us(const struct iperf_test *t);

/* --- messages.c: what the control connection carries ----------------------------------------- */

MUST_USE enum err iperf_send_state(struct stream *control, enum iperf_state state);

/* Waits for a state, which may be one that the server ends the test with. */
MUST_USE enum err iperf_receive_state(struct stream *control, enum iperf_state *state,
				      uint64_t deadline_us);

/* The same, but it must be this one: ERR_INVALID. */
MUST_USE enum err iperf_expect_state(struct stream *control, enum iperf_state state);

MUST_USE enum err iperf_send_params(struct stream *control, const struct iperf_params *params);
MUST_USE enum err iperf_receive_params(struct stream *control, struct iperf_params *params);
MUST_USE enum err iperf_send_results(struct stream *control, const struct iperf_test *t);
MUST_USE enum err iperf_receive_results(struct stream *control, struct iperf_test *t);

/* --- tcp_streams.c, udp_streams.c ------------------------------------------------------------ */

/* Carries a stream over `s` until the test has ended. */
void iperf_tcp_stream(struct iperf_test *t, struct stream *s);

/* Opens the server's socket on `port`. */
MUST_USE enum err iperf_udp_listen(const struct iperf_layers *layers, uint16_t port);

/* As client: makes all streams known to the server at `peer`. */
MUST_USE enum err iperf_udp_connect(struct iperf_test *t, const struct iperf_layers *layers,
				    const struct udp_peer *peer);
void iperf_udp_disconnect(struct iperf_test *t);

/* The fiber that sends for all streams of a test; its argument. */
void iperf_udp_sender(void *test);

/* --- udp_account.c: what is learnt from a datagram ------------------------------------------- */

enum { IPERF_UDP_HEADER_MAX = 16 };

/* Writes a datagram's header and returns its length: the time, and its number. */
size_t iperf_udp_header(uint8_t header[static IPERF_UDP_HEADER_MAX], uint64_t now_us,
			uint64_t number, bool counters64);

/* Takes note of a datagram of `len` bytes, of which `header` holds the first ones. */
void iperf_udp_account(struct iperf_stream *s, const uint8_t *header, size_t len, uint64_t now_us);

/* --- server.c, client.c, report.c ------------------------------------------------------------ */

/* Serves for ever. */
int iperf_server(const struct iperf_layers *layers, uint16_t port);

/* Makes one test with the server at this address; the image's status. */
int iperf_client(const struct iperf_layers *layers, const char *host, uint16_t port,
		 const struct iperf_params *params);

/* Prints what a test has found. */
void iperf_report(const struct iperf_test *t);

#endif
