/* SPDX-License-Identifier: ISC */
/* Messages are JSON texts behind their length in 32 bits; their fields are those of iperf 3.12. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "apps/iperf/iperf.h"
#include "base/bytes.h"
#include "base/divide.h"
#include "net/json/json.h"
#include "runtime/loop/loop.h"

static uint64_t step_deadline_us(void)
{
	return time_now_us() + IPERF_STEP_US;
}

/* --- states ---------------------------------------------------------------------------------- */

enum err iperf_send_state(struct stream *control, enum iperf_state state)
{
	uint8_t byte = (uint8_t)state;

	return stream_write_all(control, &byte, 1, step_deadline_us());
}

enum err iperf_receive_state(struct stream *control, enum iperf_state *state, uint64_t deadline_us)
{
	uint8_t byte;

	enum err e = stream_read_all(control, &byte, 1, deadline_us);
	if (e == OK)
		*state = (enum iperf_state)byte;
	return e;
}

enum err iperf_expect_state(struct stream *control, enum iperf_state state)
{
	enum iperf_state got;

	enum err e = iperf_receive_state(control, &got, step_deadline_us());
	if (e != OK || got == state)
		return e;
	return got == IPERF_ACCESS_DENIED ? ERR_REFUSED : ERR_INVALID;
}

/* --- texts ----------------------------------------------------------------------------------- */

/* One test at a time, one message at a time. */
static struct {
	size_t len;
	char text[4 + IPERF_MESSAGE_BYTES];
} message;

static PRINTF(1, 2) void put(const char *format, ...)
{
	size_t room = sizeof(message.text) - message.len;
	va_list args;

	va_start(args, format);
	int n = vsnprintf(message.text + message.len, room, format, args);
	va_end(args);
	assert(n >= 0 && (size_t)n < room); /* what is put is bounded, and fits */
	message.len += (size_t)n;
}

static void begin(void)
{
	message.len = 4;
}

static enum err send(struct stream *control)
{
	store_be32(message.text, (uint32_t)(message.len - 4));
	return stream_write_all(control, message.text, message.len, step_deadline_us());
}

static enum err receive(struct stream *control, struct json *value)
{
	uint8_t prefix[4];

	enum err e = stream_read_all(control, prefix, sizeof(prefix), step_deadline_us());
	if (e != OK)
		return e;
	uint32_t len = load_be32(prefix);
	if (len > IPERF_MESSAGE_BYTES)
		return ERR_RANGE;
	e = stream_read_all(control, message.text, len, step_deadline_us());
	if (e != OK)
		return e;
	return json_parse(value, message.text, len) ? OK : ERR_INVALID;
}

/* A member that is a number not below 0, up to `max`; `otherwise` if there is none. */
static uint64_t number(struct json object, const char *key, unsigned decimals, uint64_t max,
		       uint64_t otherwise)
{
	struct json value;
	int64_t n;

	if (!json_member(object, key, &value) || !json_number(value, decimals, &n))
		return otherwise;
	return n < 0 ? 0 : MIN((uint64_t)n, max);
}

static bool is_set(struct json object, const char *key)
{
	struct json value;

	return json_member(object, key, &value) &&
	       (json_is_true(value) || number(object, key, 0, 1, 0) != 0);
}

/* --- parameters ------------------------------------------------------------------------------ */

enum err iperf_send_params(struct stream *control, const struct iperf_params *p)
{
	begin();
	put("{\"%s\":true,\"omit\":%u,\"time\":%u,\"num\":%llu,\"blockcount\":0,",
	    p->udp ? "udp" : "tcp", (unsigned)p->omit_s, (unsigned)p->time_s,
	    (unsigned long long)p->bytes);
	put("\"parallel\":%u,\"len\":%u,\"bandwidth\":%llu,", p->streams, (unsigned)p->block_bytes,
	    (unsigned long long)p->rate_bits);
	if (p->reverse)
		put("\"reverse\":true,");
	if (p->udp && p->counters64)
		put("\"udp_counters_64bit\":1,");
	put("\"pacing_timer\":1000,\"client_version\":\"3.12\"}");
	return send(control);
}

enum err iperf_receive_params(struct stream *control, struct iperf_params *p)
{
	struct json o;

	enum err e = receive(control, &o);
	if (e != OK)
		return e;
	memset(p, 0, sizeof(*p));
	p->udp = is_set(o, "udp");
	p->reverse = is_set(o, "reverse");
	p->counters64 = is_set(o, "udp_counters_64bit");
	p->streams = (uint8_t)number(o, "parallel", 0, UINT8_MAX, 1);
	p->time_s = (uint32_t)number(o, "time", 0, 86400, 10);
	p->omit_s = (uint32_t)number(o, "omit", 0, 600, 0);
	p->bytes = number(o, "num", 0, INT64_MAX, 0);
	p->blocks = number(o, "blockcount", 0, INT64_MAX, 0);
	p->rate_bits = number(o, "bandwidth", 0, INT64_MAX, 0);
	p->block_bytes = (uint32_t)number(o, "len", 0, UINT32_MAX, IPERF_TCP_BYTES);
	p->unsupported = is_set(o, "bidirectional") || is_set(o, "sctp") ||
			 (!p->udp && !is_set(o, "tcp")) || p->block_bytes == 0;
	if (p->udp &&
	    (p->block_bytes > IPERF_UDP_BYTES_MAX || p->block_bytes < IPERF_UDP_HEADER_MAX))
		p->unsupported = true;
	return OK;
}

/* --- results --------------------------------------------------------------------------------- */

/* A number of millionths, in decimal. */
static void put_millionths(const char *key, uint64_t n)
{
	uint32_t rest;
	uint64_t whole = divide(n, 1000000, &rest);

	put("\"%s\":%llu.%06u", key, (unsigned long long)whole, (unsigned)rest);
}

enum err iperf_send_results(struct stream *control, const struct iperf_test *t)
{
	begin();
	put("{\"cpu_util_total\":0,\"cpu_util_user\":0,\"cpu_util_system\":0,"
	    "\"sender_has_retransmits\":%d,\"streams\":[",
	    iperf_sends(t) ? 0 : -1);
	for (unsigned i = 0; i < t->opened; i++) {
		const struct iperf_stream *s = &t->stream[i];
		put("%s{\"id\":%u,\"bytes\":%llu,\"retransmits\":-1,", i > 0 ? "," : "", s->id,
		    (unsigned long long)s->mine.bytes);
		put_millionths("jitter", s->mine.jitter_us);
		put(",\"errors\":%llu,\"packets\":%llu,\"start_time\":0,",
		    (unsigned long long)s->mine.lost, (unsigned long long)s->mine.packets);
		put_millionths("end_time", iperf_counted_us(t));
		put("}");
	}
	put("]}");
	return send(control);
}

static struct iperf_stream *find_stream(struct iperf_test *t, uint64_t id)
{
	for (unsigned i = 0; i < t->opened; i++) {
		if (t->stream[i].id == id)
			return &t->stream[i];
	}
	return NULL;
}

enum err iperf_receive_results(struct stream *control, struct iperf_test *t)
{
	struct json o, streams, item;

	enum err e = receive(control, &o);
	if (e != OK)
		return e;
	if (!json_member(o, "streams", &streams))
		return ERR_INVALID;
	while (json_next(&streams, &item)) {
		struct iperf_stream *s = find_stream(t, number(item, "id", 0, UINT32_MAX, 0));
		if (s == NULL)
			return ERR_INVALID;
		s->theirs = (struct iperf_result){
			.bytes = number(item, "bytes", 0, INT64_MAX, 0),
			.packets = number(item, "packets", 0, INT64_MAX, 0),
			.lost = number(item, "errors", 0, INT64_MAX, 0),
			.jitter_us = number(item, "jitter", 6, INT64_MAX, 0),
		};
	}
	return OK;
}
