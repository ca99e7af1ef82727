/* SPDX-License-Identifier: ISC */
/*
 * Each connection has a fiber. It says by its cookie what it is: with no test going on, a control
 * connection, whose fiber conducts the test; a stream of that test; or somebody who must wait.
 */
#include <string.h>

#include "apps/iperf/iperf.h"
#include "base/bytes.h"
#include "runtime/console.h"
#include "runtime/start.h"

enum {
	ERROR_STREAMS = 6, /* numbers of errors, as iperf3 has them */
	ERROR_UNSUPPORTED = 13,
	PATIENCE_S = 30, /* without a byte, or beyond the time that a test was to take */
};

/* Says why there will be no test. */
static enum err refuse(struct stream *control, uint32_t why)
{
	uint8_t message[9] = {IPERF_SERVER_ERROR};

	store_be32(message + 1, why);
	enum err e =
		stream_write_all(control, message, sizeof(message), time_now_us() + IPERF_STEP_US);
	return e == OK ? ERR_UNSUPPORTED : e;
}

static enum err agree(struct iperf_test *t, struct stream *control)
{
	enum err e = iperf_send_state(control, IPERF_PARAM_EXCHANGE);
	if (e == OK)
		e = iperf_receive_params(control, &t->params);
	if (e != OK)
		return e;
	if (t->params.streams == 0 || t->params.streams > IPERF_STREAMS_MAX)
		return refuse(control, ERROR_STREAMS);
	return t->params.unsupported ? refuse(control, ERROR_UNSUPPORTED) : OK;
}

static enum err create_streams(struct iperf_test *t, struct stream *control)
{
	uint64_t deadline_us = time_now_us() + IPERF_STEP_US;

	t->accepting = true;
	enum err e = iperf_send_state(control, IPERF_CREATE_STREAMS);
	while (e == OK && t->opened < t->params.streams)
		e = fiber_park_until(deadline_us);
	t->accepting = false;
	if (e == OK && t->params.udp && iperf_sends(t) &&
	    fiber_pool_spawn(iperf_fibers, "sender", iperf_udp_sender, t) == NULL)
		e = ERR_NOMEM;
	return e;
}

/* Until the client says that it is over; one that has vanished says nothing. */
static enum err wait_for_end(const struct iperf_test *t, struct stream *control,
			     enum iperf_state *state)
{
	bool timed = t->params.bytes == 0 && t->params.blocks == 0 && t->params.time_s > 0;
	uint64_t time_s = (uint64_t)t->params.time_s + t->params.omit_s + PATIENCE_S;
	uint64_t limit_us = timed ? t->begin_us + time_s * US_PER_S : TIME_NEVER;
	uint64_t moved;
	enum err e;

	do {
		moved = t->moved;
		e = iperf_receive_state(control, state,
					time_now_us() + (uint64_t)PATIENCE_S * US_PER_S);
	} while (e == ERR_TIMEOUT && t->moved != moved && time_now_us() < limit_us);
	return e;
}

static enum err run(struct iperf_test *t, struct stream *control)
{
	enum iperf_state state = IPERF_TEST_RUNNING;

	enum err e = iperf_send_state(control, IPERF_TEST_START);
	if (e == OK)
		e = iperf_send_state(control, IPERF_TEST_RUNNING);
	if (e != OK)
		return e;
	iperf_test_begin(t);
	e = wait_for_end(t, control, &state);
	iperf_test_end(t);
	if (e != OK)
		return e;
	return state == IPERF_TEST_END ? OK : ERR_CLOSED;
}

static enum err exchange_results(struct iperf_test *t, struct stream *control)
{
	enum err e = iperf_send_state(control, IPERF_EXCHANGE_RESULTS);
	if (e == OK)
		e = iperf_receive_results(control, t);
	if (e == OK)
		e = iperf_send_results(control, t);
	if (e == OK)
		e = iperf_send_state(control, IPERF_DISPLAY_RESULTS);
	return e == OK ? iperf_expect_state(control, IPERF_DONE) : e;
}

static void conduct(struct stream *control, const char cookie[static IPERF_COOKIE_BYTES])
{
	struct iperf_test *t = &iperf_test;
	struct ip_addr peer;
	uint16_t port;
	char text[INET_ADDR_CHARS];

	flow_peer(control->flow, &peer, &port);
	iperf_test_open(t, &peer, false);
	memcpy(t->cookie, cookie, sizeof(t->cookie));
	enum err e = agree(t, control);
	if (e == OK)
		e = create_streams(t, control);
	if (e == OK)
		e = run(t, control);
	if (e == OK)
		e = exchange_results(t, control);
	console_printf("test with %s: %s\n", inet_format(&peer, text),
		       e == OK ? "done" : err_str(e));
	if (e == OK)
		iperf_report(t);
	iperf_test_close(t);
}

static void serve(struct stream *s)
{
	struct iperf_test *t = &iperf_test;
	char cookie[IPERF_COOKIE_BYTES];

	if (stream_read_all(s, cookie, sizeof(cookie), time_now_us() + IPERF_STEP_US) != OK)
		return;
	if (t->control == NULL)
		conduct(s, cookie);
	else if (t->accepting && !t->params.udp && memcmp(cookie, t->cookie, sizeof(cookie)) == 0)
		iperf_tcp_stream(t, s);
	else
		(void)!iperf_send_state(s, IPERF_ACCESS_DENIED);
}

int iperf_server(const struct iperf_layers *layers, uint16_t port)
{
	static struct stream_server server = {.name = "iperf", .serve = serve};

	server.pool = iperf_fibers;
	enum err e = tcp_listen(layers->tcp, port, stream_accept, &server);
	if (e != OK)
		stop_with_error("port %u: %s", (unsigned)port, err_str(e));
	boot_ready();
	fiber_park_forever();
}
