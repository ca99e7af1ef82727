/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "net/websocket/websocket_internal.h"

/* --- control frames -------------------------------------------------------------------------- */

/* Puts the control frame that is due into `out`; between two frames. False if there is none. */
static bool next_control(struct websocket_conn *c)
{
	uint8_t opcode = WEBSOCKET_OP_PONG, len = 0;
	if (c->pong_due) {
		c->pong_due = false;
		len = c->pong_bytes;
	} else if (c->ping_due) {
		c->ping_due = false;
		opcode = WEBSOCKET_OP_PING;
	} else if (c->close_due) {
		c->close_due = false;
		opcode = WEBSOCKET_OP_CLOSE;
		len = c->code != WEBSOCKET_NO_CODE ? sizeof(c->code) : 0;
	} else {
		return false;
	}
	uint8_t *payload = c->out + websocket_emit_header(c->out, opcode, true, len);
	if (opcode == WEBSOCKET_OP_CLOSE)
		store_be16(payload, c->code);
	else
		memcpy(payload, c->pong, len);
	c->out_bytes = (uint8_t)(payload + len - c->out);
	c->out_sent = 0;
	return true;
}

/* --- the flow -------------------------------------------------------------------------------- */

/* What a write's result means; true if all was taken. */
static bool after_write(struct websocket_conn *c, ssize_t n, size_t wanted)
{
	if (n < 0 && n != ERR_AGAIN) {
		c->broken = true;
		websocket_ready(c); /* where it ends */
	}
	c->blocked |= n != (ssize_t)wanted;
	if (n > 0 && c->state == WEBSOCKET_OPEN)
		websocket_timer_set(c, WEBSOCKET_TIMER_IDLE);
	return n == (ssize_t)wanted;
}

static bool flush(struct websocket_conn *c)
{
	size_t left = (size_t)(c->out_bytes - c->out_sent);
	if (left == 0)
		return true;
	ssize_t n = flow_write_copy(c->flow, c->out + c->out_sent, left);
	if (n > 0)
		c->out_sent = (uint8_t)(c->out_sent + n);
	return after_write(c, n, left);
}

bool websocket_output(struct websocket_conn *c)
{
	do {
		if (c->broken || c->blocked || !flush(c))
			return false;
		if (c->out_left > 0) {
			/* The rest would never come, so the Close could not follow it. */
			c->broken |= c->close_due;
			return !c->broken;
		}
	} while (next_control(c));
	return true;
}

bool websocket_close_written(const struct websocket_conn *c)
{
	return !c->close_due && c->out_sent == c->out_bytes;
}

void websocket_begin_close(struct websocket_conn *c, enum websocket_state state, unsigned code)
{
	c->state = (uint8_t)state;
	c->code = (uint16_t)code;
	c->close_due = true;
	c->paused = false;
	c->ping_due = false;
	websocket_timer_set(c, WEBSOCKET_TIMER_CLOSE);
}

/* --- data ------------------------------------------------------------------------------------ */

static void begin_frame(struct websocket_conn *c, enum websocket_type type, size_t len, bool last)
{
	uint8_t opcode = c->out_continues ? WEBSOCKET_OP_CONTINUATION : (uint8_t)type;
	c->out_bytes = (uint8_t)websocket_emit_header(c->out, opcode, last, len);
	c->out_sent = 0;
	c->out_left = len;
	c->out_continues = !last;
}

/* Gets the header of the frame out of the way. OK if payload can be written. */
static enum err prepare(struct websocket_conn *c, enum websocket_type type, size_t len, bool last)
{
	if (c->state != WEBSOCKET_OPEN || c->broken)
		return ERR_CLOSED;
	bool clear = websocket_output(c);
	if (clear && c->out_left == 0) {
		begin_frame(c, type, len, last);
		clear = flush(c) || len == 0; /* an empty frame is taken: its header waits here */
	}
	if (c->broken)
		return ERR_CLOSED;
	return clear ? OK : ERR_AGAIN;
}

static ssize_t written(struct websocket_conn *c, ssize_t n, size_t wanted)
{
	(void)after_write(c, n, wanted);
	if (n > 0) {
		c->out_left -= (size_t)n;
		c->server->stats.bytes_out += (uint64_t)n;
	}
	return n;
}

ssize_t websocket_write(struct websocket_conn *ws, enum websocket_type type, struct slice bytes,
			bool last)
{
	enum err e = prepare(ws, type, bytes.len, last);
	if (e != OK || bytes.len == 0)
		return e;
	bytes.len = MIN(bytes.len, ws->out_left);
	return written(ws, flow_write(ws->flow, &bytes, 1), bytes.len);
}

ssize_t websocket_write_copy(struct websocket_conn *ws, enum websocket_type type, const void *bytes,
			     size_t len, bool last)
{
	enum err e = prepare(ws, type, len, last);
	if (e != OK || len == 0)
		return e;
	len = MIN(len, ws->out_left);
	return written(ws, flow_write_copy(ws->flow, bytes, len), len);
}
