/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "apps/iperf/iperf.h"
#include "base/bytes.h"
#include "runtime/console.h"
#include "runtime/fiber/connect.h"

/* The one client that there is. */
static struct {
	const struct iperf_layers *layers;
	const char *host;
	uint16_t port;
} client;

/* Not a secret: it tells one test's connections from another's. */
static void make_cookie(char cookie[static IPERF_COOKIE_BYTES])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint64_t state = time_now_us() * 2862933555777941757u + 3037000493u;

	for (unsigned i = 0; i < IPERF_COOKIE_BYTES - 1; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		cookie[i] = letters[state >> 59];
	}
	cookie[IPERF_COOKIE_BYTES - 1] = '\0';
}

static enum err open_connection(struct stream *s, const struct iperf_test *t)
{
	uint64_t deadline_us = time_now_us() + IPERF_STEP_US;

	enum err e =
		stream_connect(s, client.layers->connector, client.host, client.port, deadline_us);
	if (e != OK)
		return e;
	e = stream_write_all(s, t->cookie, sizeof(t->cookie), deadline_us);
	if (e != OK)
		stream_abort(s);
	return e;
}

/* A fiber for each stream of TCP. */
static void carry_stream(void *arg)
{
	struct iperf_test *t = arg;
	struct stream s;

	if (open_connection(&s, t) != OK)
		return; /* the server will tell, or the time limit */
	iperf_tcp_stream(t, &s);
	stream_close(&s);
}

/* One after the other: the server numbers them as they come. */
static enum err create_tcp_streams(struct iperf_test *t)
{
	uint64_t deadline_us = time_now_us() + IPERF_STEP_US;
	enum err e = OK;

	for (unsigned i = 0; e == OK && i < t->params.streams; i++) {
		if (fiber_pool_spawn(iperf_fibers, "stream", carry_stream, t) == NULL)
			return ERR_NOMEM;
		while (e == OK && t->opened == i)
			e = fiber_park_until(deadline_us);
	}
	return e;
}

static enum err create_streams(struct iperf_test *t, const struct ip_addr *server)
{
	const struct udp_peer peer = {.addr = *server, .port = client.port};

	t->accepting = true;
	if (!t->params.udp)
		return create_tcp_streams(t);
	enum err e = iperf_udp_connect(t, client.layers, &peer);
	if (e == OK && iperf_sends(t) &&
	    fiber_pool_spawn(iperf_fibers, "sender", iperf_udp_sender, t) == NULL)
		e = ERR_NOMEM;
	return e;
}

/* Until the time is over, enough has been moved, or the server says something. */
static enum err run(struct iperf_test *t, struct stream *control)
{
	uint32_t time_s = t->params.time_s + t->params.omit_s;
	enum iperf_state state;
	enum err e;

	iperf_test_begin(t);
	uint64_t end_us = t->params.bytes != 0 ? TIME_NEVER
					       : t->begin_us + (uint64_t)time_s * US_PER_S;
	/* With an amount in place of a time, one must look how much it is. */
	do {
		uint64_t look_us = MIN(end_us, time_now_us() + 10 * US_PER_MS);
		e = iperf_receive_state(control, &state, t->params.bytes != 0 ? look_us : end_us);
	} while (e == ERR_TIMEOUT && time_now_us() < end_us && !iperf_moved_enough(t));
	iperf_test_end(t);
	if (e != ERR_TIMEOUT)
		return e == OK ? ERR_CLOSED : e;
	return iperf_send_state(control, IPERF_TEST_END);
}

static enum err exchange_results(struct iperf_test *t, struct stream *control)
{
	enum err e = iperf_send_results(control, t);

	return e == OK ? iperf_receive_results(control, t) : e;
}

/* The image may end after it: not before the server has it. */
static enum err say_done(struct stream *control)
{
	enum err e = iperf_send_state(control, IPERF_DONE);

	return e == OK ? stream_drain(control, time_now_us() + IPERF_STEP_US) : e;
}

static enum err do_step(struct iperf_test *t, struct stream *control, enum iperf_state state)
{
	switch (state) {
	case IPERF_PARAM_EXCHANGE:
		return iperf_send_params(control, &t->params);
	case IPERF_CREATE_STREAMS:
		return t->opened == 0 ? create_streams(t, &t->peer) : ERR_INVALID;
	case IPERF_TEST_START:
		return OK;
	case IPERF_TEST_RUNNING:
		return t->end_us == 0 ? run(t, control) : ERR_INVALID;
	case IPERF_EXCHANGE_RESULTS:
		return exchange_results(t, control);
	case IPERF_DISPLAY_RESULTS:
		return say_done(control);
	case IPERF_ACCESS_DENIED:
		return ERR_REFUSED;
	case IPERF_SERVER_ERROR:
		return ERR_UNSUPPORTED;
	case IPERF_SERVER_TERMINATE:
		return ERR_CLOSED;
	default:
		return ERR_INVALID;
	}
}

/* The server says what comes next. */
static enum err conduct(struct iperf_test *t, struct stream *control)
{
	enum iperf_state state = IPERF_TEST_START;
	enum err e = OK;

	while (e == OK && state != IPERF_DISPLAY_RESULTS) {
		e = iperf_receive_state(control, &state, time_now_us() + IPERF_STEP_US);
		if (e == OK)
			e = do_step(t, control, state);
	}
	return e;
}

int iperf_client(const struct iperf_layers *layers, const char *host, uint16_t port,
		 const struct iperf_params *params)
{
	struct iperf_test *t = &iperf_test;
	struct ip_addr nobody = {{0}};
	struct stream control;
	uint16_t peer_port;

	client.layers = layers;
	client.host = host;
	client.port = port;
	iperf_test_open(t, &nobody, true);
	t->params = *params;
	make_cookie(t->cookie);
	enum err e = open_connection(&control, t);
	if (e == OK) {
		flow_peer(control.flow, &t->peer, &peer_port);
		e = conduct(t, &control);
		if (e == OK)
			iperf_report(t);
		iperf_test_close(t);
		iperf_udp_disconnect(t);
		stream_close(&control);
	}
	if (e != OK)
		console_printf("%s: %s\n", host,
			       e == ERR_REFUSED ? "no server there, or it is busy" : err_str(e));
	return e == OK ? 0 : 1;
}
