/* SPDX-License-Identifier: ISC */
/*
 * Asks for a URL as often as told. Prints of each response the status, how much came, a checksum
 * of it and the time that it took. Status 1: there was no complete response.
 */
#include "net/http_client/http_client.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"
#include "unikernel.h"

enum { PERIOD = 26, SEND_BYTES = 156 * PERIOD };

#define PATIENCE_US (60 * (uint64_t)US_PER_S)
#define READY_US    (10 * (uint64_t)US_PER_S) /* for addresses of our own */

static uint64_t deadline_us(void)
{
	return time_now_us() + PATIENCE_US;
}

/* Sends `bytes`, 'a' to 'z' over and over. */
static enum err send_body(struct http_call *call, uint64_t bytes)
{
	static char pattern[SEND_BYTES + PERIOD];
	uint32_t phase = 0;

	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (char)('a' + i % PERIOD);
	while (bytes > 0) {
		size_t len = (size_t)MIN(bytes, (uint64_t)SEND_BYTES);
		ssize_t n = FIBER_AWAIT(http_call_write(call, pattern + phase, len), deadline_us());
		if (n < 0)
			return (enum err)n;
		phase = (phase + (uint32_t)n) % PERIOD;
		bytes -= (uint64_t)n;
	}
	return FIBER_AWAIT(http_call_finish(call), deadline_us());
}

/* Reads to the end: how much it was, and the FNV-1a hash of it. */
static enum err receive_body(struct http_call *call, bool show, uint64_t *bytes, uint32_t *hash)
{
	struct slice run;
	enum err e;

	*bytes = 0;
	*hash = 0x811c9dc5;
	while ((e = FIBER_AWAIT(http_call_read(call, &run), deadline_us())) == OK) {
		if (show)
			console_printf("%.*s", (int)run.len, (const char *)run.data);
		for (size_t i = 0; i < run.len; i++)
			*hash = (*hash ^ run.data[i]) * 0x01000193;
		*bytes += run.len;
		http_call_consume(call, run.len);
	}
	return e == ERR_EOF ? OK : e;
}

static enum err exchange(struct http_call *call, uint64_t send, bool show)
{
	struct http_client_response response = {0};
	uint64_t bytes, begin_us = time_now_us();
	uint32_t hash;
	enum err e = OK;

	if (call->request.upload)
		e = send_body(call, send);
	if (e == OK || e == ERR_CLOSED) /* it may have answered before all was sent */
		e = FIBER_AWAIT(http_call_response(call, &response), deadline_us());
	if (e == OK)
		e = receive_body(call, show, &bytes, &hash);
	if (e == OK)
		console_printf("status %u, %llu bytes, hash %08x, %u ms\n", response.status,
			       (unsigned long long)bytes, (unsigned)hash,
			       (unsigned)(time_now_us() - begin_us) / US_PER_MS);
	return e;
}

static enum err fetch_once(struct http_client *client, const struct http_client_request *request,
			   uint64_t send, bool show)
{
	struct http_call call;

	enum err e = http_call_start(&call, client, request, fiber_waker(fiber_current()),
				     time_now_us());
	if (e != OK)
		return e;
	e = exchange(&call, send, show);
	http_call_end(&call);
	return e;
}

/* One of IPv6 is looked for on the link for a second before it is used, or a router names it. */
static enum err fetch_when_ready(struct http_client *client,
				 const struct http_client_request *request, uint64_t send,
				 bool show)
{
	uint64_t end_us = time_now_us() + READY_US;
	enum err e;

	while ((e = fetch_once(client, request, send, show)) == ERR_NOTREADY &&
	       time_now_us() < end_us && fiber_sleep(50 * US_PER_MS) == OK)
		;
	return e;
}

int fetch(struct http_client *client, const char *url, unsigned method, uint64_t send, bool chunked,
	  uint16_t times, bool show)
{
	const struct http_client_request request = {
		.method = method,
		.url = url,
		.upload = send > 0,
		.upload_bytes = chunked ? HTTP_LENGTH_UNKNOWN : send,
	};

	for (unsigned i = 0; i < times; i++) {
		enum err e = fetch_when_ready(client, &request, send, show);
		if (e != OK) {
			console_printf("%s: %s\n", url, err_str(e));
			return 1;
		}
	}
	const struct http_client_stats *stats = http_client_stats(client);
	console_printf("%u connections, %u redirects\n", (unsigned)stats->connections,
		       (unsigned)stats->redirected);
	return 0;
}
