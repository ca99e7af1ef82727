/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "net/websocket/websocket_internal.h"

/* The peer broke a rule: it is told, and not listened to any more. Section 7.1.7. */
static enum websocket_step fail(struct websocket_conn *c, unsigned code)
{
	c->server->stats.errors++;
	/* After a Close of ours there is nothing more to say. */
	if (c->state == WEBSOCKET_CLOSING)
		return WEBSOCKET_OVER;
	websocket_begin_close(c, WEBSOCKET_FAILED, code);
	return WEBSOCKET_ON;
}

/* The next received bytes; WEBSOCKET_ON with some of them. */
static enum websocket_step read_some(struct websocket_conn *c, struct slice *s)
{
	enum err e = flow_read(c->flow, s);
	if (e == ERR_AGAIN)
		return WEBSOCKET_WAIT;
	if (e != OK)
		return WEBSOCKET_OVER;
	c->pinged = false;
	if (c->state == WEBSOCKET_OPEN)
		websocket_timer_set(c, WEBSOCKET_TIMER_IDLE);
	return WEBSOCKET_ON;
}

/* Unmasks the next bytes of the frame's payload, up to `max`, to `to`: *n of them. */
static SELDOM enum websocket_step unmask_some(struct websocket_conn *c, uint8_t *to, size_t max,
					      size_t *n)
{
	struct slice s = {0};
	enum websocket_step step = c->left > 0 ? read_some(c, &s) : WEBSOCKET_ON;
	*n = (size_t)MIN(MIN((uint64_t)s.len, c->left), (uint64_t)max);
	websocket_unmask(to, s.data, *n, c->frame.mask, c->frame.bytes - c->left);
	return step;
}

/* --- headers --------------------------------------------------------------------------------- */

static bool is_control(const struct websocket_conn *c)
{
	return c->frame.opcode >= WEBSOCKET_OP_CLOSE;
}

/* A frame of data: it begins or continues a message. Section 5.4. */
static enum websocket_step begin_data(struct websocket_conn *c)
{
	const struct websocket_config *config = &c->server->config;
	bool continues = c->frame.opcode == WEBSOCKET_OP_CONTINUATION;
	if (continues != (c->message_type != 0))
		return fail(c, WEBSOCKET_PROTOCOL_ERROR);
	if (!continues) {
		c->message_type = c->frame.opcode;
		c->message_bytes = 0;
		c->utf8 = (struct utf8){0};
	}
	if (c->frame.bytes > config->frame_bytes_max ||
	    c->frame.bytes > config->message_bytes_max - c->message_bytes)
		return fail(c, WEBSOCKET_TOO_LARGE);
	c->message_bytes += c->frame.bytes;
	return WEBSOCKET_ON;
}

static enum websocket_step read_header(struct websocket_conn *c)
{
	struct slice s;
	size_t used = 0;
	enum err e = ERR_AGAIN;
	enum websocket_step step = read_some(c, &s);
	if (step != WEBSOCKET_ON)
		return step;
	while (used < s.len && e == ERR_AGAIN) {
		c->header[c->header_bytes++] = s.data[used++];
		e = websocket_parse_header(&c->frame, c->header, c->header_bytes);
	}
	flow_consume(c->flow, used);
	if (e == ERR_AGAIN)
		return WEBSOCKET_ON;
	if (e != OK)
		return fail(c, WEBSOCKET_PROTOCOL_ERROR);
	c->header_bytes = 0;
	c->in_frame = true;
	c->left = c->frame.bytes;
	return is_control(c) ? WEBSOCKET_ON : begin_data(c);
}

/* --- control frames -------------------------------------------------------------------------- */

/* Section 5.5.1. */
static enum websocket_step take_close(struct websocket_conn *c, size_t len)
{
	unsigned code = WEBSOCKET_NO_CODE;
	if (c->state == WEBSOCKET_CLOSING)
		return WEBSOCKET_OVER;
	if (len == 1)
		return fail(c, WEBSOCKET_PROTOCOL_ERROR);
	if (len >= 2) {
		struct utf8 reason = {0};
		code = (unsigned)c->control[0] << 8 | c->control[1];
		if (!websocket_code_is_valid(code))
			return fail(c, WEBSOCKET_PROTOCOL_ERROR);
		if (!utf8_feed(&reason, c->control + 2, len - 2) || !utf8_is_complete(&reason))
			return fail(c, WEBSOCKET_NOT_UTF8);
	}
	websocket_begin_close(c, WEBSOCKET_REPLY, code);
	return WEBSOCKET_ON;
}

static enum websocket_step take_control(struct websocket_conn *c)
{
	uint8_t len = (uint8_t)c->frame.bytes;
	c->in_frame = false;
	if (c->frame.opcode == WEBSOCKET_OP_CLOSE)
		return take_close(c, len);
	if (c->frame.opcode == WEBSOCKET_OP_PING && c->state == WEBSOCKET_OPEN) {
		/* Only the newest that is not answered yet needs an answer. Section 5.5.3. */
		memcpy(c->pong, c->control, len);
		c->pong_bytes = len;
		c->pong_due = true;
	}
	return WEBSOCKET_ON;
}

static enum websocket_step read_control(struct websocket_conn *c)
{
	size_t at = (size_t)(c->frame.bytes - c->left), n;
	enum websocket_step step = unmask_some(c, c->control + at, sizeof(c->control) - at, &n);
	if (step != WEBSOCKET_ON)
		return step;
	flow_consume(c->flow, n);
	c->left -= n;
	return c->left == 0 ? take_control(c) : WEBSOCKET_ON;
}

/* --- data ------------------------------------------------------------------------------------ */

static void end_frame(struct websocket_conn *c)
{
	c->in_frame = false;
	if (!c->frame.fin)
		return;
	c->message_type = 0;
	c->server->stats.messages_in++;
}

/* Shows the handler the `n` bytes in server->run; returns how many are done with, or an error. */
static ssize_t show(struct websocket_conn *c, size_t n, bool last)
{
	struct websocket *s = c->server;
	/* Once we are closing, what still comes is dropped. */
	if (c->state != WEBSOCKET_OPEN)
		return (ssize_t)n;
	ssize_t taken = s->handlers->data(s->arg, c, c->message_type, s->run, n, last);
	assert(taken <= (ssize_t)n);
	return taken == 0 && n > 0 ? ERR_AGAIN : taken;
}

/* Checks and shows a run that is in server->run. */
static enum websocket_step take_run(struct websocket_conn *c, size_t n)
{
	const uint8_t *run = c->server->run;
	bool last = c->frame.fin && n == c->left, text = c->message_type == WEBSOCKET_OP_TEXT;
	struct utf8 utf8 = c->utf8;
	if (text && (!utf8_feed(&utf8, run, n) || (last && !utf8_is_complete(&utf8))))
		return fail(c, WEBSOCKET_NOT_UTF8);
	ssize_t taken = show(c, n, last);
	if (taken == ERR_AGAIN) {
		c->paused = c->state == WEBSOCKET_OPEN;
		return c->paused ? WEBSOCKET_WAIT : WEBSOCKET_ON;
	}
	if (taken < 0)
		return fail(c, WEBSOCKET_INTERNAL_ERROR);
	if (taken == (ssize_t)n)
		c->utf8 = utf8;
	else if (text)
		(void)!utf8_feed(&c->utf8, run, (size_t)taken);
	flow_consume(c->flow, (size_t)taken);
	c->server->stats.bytes_in += (uint64_t)taken;
	c->left -= (uint64_t)taken;
	if (c->left == 0)
		end_frame(c);
	return WEBSOCKET_ON;
}

static enum websocket_step read_data(struct websocket_conn *c)
{
	size_t n;
	if (c->paused)
		return WEBSOCKET_WAIT;
	if (c->left == 0 && !c->frame.fin) {
		end_frame(c);
		return WEBSOCKET_ON;
	}
	enum websocket_step step = unmask_some(c, c->server->run, WEBSOCKET_RUN_BYTES, &n);
	return step == WEBSOCKET_ON ? take_run(c, n) : step;
}

/* --- all states ------------------------------------------------------------------------------ */

/* Our Close is on its way: what comes is dropped until the peer has closed too. */
static enum websocket_step linger(struct websocket_conn *c)
{
	struct slice s;
	enum websocket_step step = read_some(c, &s);
	if (step != WEBSOCKET_ON)
		return step;
	flow_consume(c->flow, s.len);
	c->message_bytes += s.len;
	return c->message_bytes > WEBSOCKET_LINGER_BYTES ? WEBSOCKET_OVER : WEBSOCKET_ON;
}

enum websocket_step websocket_input(struct websocket_conn *c)
{
	switch (c->state) {
	case WEBSOCKET_OPEN:
	case WEBSOCKET_CLOSING:
		if (!c->in_frame)
			return read_header(c);
		return is_control(c) ? read_control(c) : read_data(c);
	case WEBSOCKET_REPLY:
		return websocket_close_written(c) ? WEBSOCKET_OVER : WEBSOCKET_WAIT;
	case WEBSOCKET_FAILED:
		if (!websocket_close_written(c))
			return WEBSOCKET_WAIT;
		flow_shutdown(c->flow);
		c->message_bytes = 0;
		c->state = WEBSOCKET_LINGER;
		return WEBSOCKET_ON;
	default:
		return linger(c);
	}
}
