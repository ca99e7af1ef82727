/* SPDX-License-Identifier: ISC */
#include "base/assert.h"
#include "base/attr.h"
#include "net/http/http_out.h"
#include "net/http_client/http_client_internal.h"

static bool is_chunked(const struct http_call *call)
{
	return call->request.upload_bytes == HTTP_LENGTH_UNKNOWN;
}

static enum err may_write(struct http_call *call)
{
	if (call->receiving == HTTP_AWAIT_FAILED)
		return call->error;
	if (call->receiving != HTTP_AWAIT_HEADER || !call->request.upload)
		return ERR_CLOSED;
	assert(call->sending != HTTP_SEND_DONE);
	return call->sending == HTTP_SEND_BODY ? OK : http_call_wait(call);
}

/* What the caller is told when the flow did not take all. */
static enum err after_write(struct http_call *call, ssize_t n)
{
	if (n != ERR_AGAIN && n < 0)
		http_exchange_broken(call->link, (enum err)n);
	return call->receiving == HTTP_AWAIT_FAILED ? call->error : http_call_wait(call);
}

/* Writes what stands in front of a chunk of call->chunk_left bytes, or behind all (RFC 9112 7.1).
 */
static GUARDED enum err write_frame(struct http_call *call)
{
	char text[24];
	struct http_out o = {.at = text, .end = text + sizeof(text)};

	if (call->sent > 0)
		http_put_end_of_line(&o); /* the end of the chunk before */
	http_put_hex(&o, call->chunk_left);
	http_put_end_of_line(&o);
	if (call->ending)
		http_put_end_of_line(&o); /* the empty trailer section */
	size_t left = (size_t)(o.at - text) - call->frame_sent;
	ssize_t n = flow_write_copy(call->link->flow, text + call->frame_sent, left);
	if (n > 0)
		call->frame_sent = (uint8_t)(call->frame_sent + n);
	if (n != (ssize_t)left)
		return after_write(call, n);
	call->frame_due = false;
	return OK;
}

/* Announces a chunk of `len` bytes unless there is one that is not complete. */
static enum err announce(struct http_call *call, size_t len)
{
	if (call->chunk_left == 0) {
		call->chunk_left = len;
		call->frame_due = true;
		call->frame_sent = 0;
	}
	return call->frame_due ? write_frame(call) : OK;
}

ssize_t http_call_write(struct http_call *call, const void *bytes, size_t len)
{
	enum err e = may_write(call);
	if (e != OK)
		return e;
	assert(len > 0 && (is_chunked(call) || len <= call->request.upload_bytes - call->sent));
	if (is_chunked(call)) {
		e = announce(call, len);
		if (e != OK)
			return e;
		len = MIN(len, call->chunk_left);
	}
	ssize_t n = flow_write_copy(call->link->flow, bytes, len);
	if (n <= 0)
		return after_write(call, n);
	call->sent += (uint64_t)n;
	call->client->stats.bytes_out += (uint64_t)n;
	if (is_chunked(call))
		call->chunk_left -= (size_t)n;
	call->waiting = false;
	return n;
}

enum err http_call_finish(struct http_call *call)
{
	enum err e = may_write(call);
	if (e != OK)
		return e;
	assert(call->chunk_left == 0);
	if (is_chunked(call)) {
		if (!call->ending) {
			call->ending = true;
			call->frame_sent = 0;
		}
		e = write_frame(call);
		if (e != OK)
			return e;
	} else {
		assert(call->sent == call->request.upload_bytes);
	}
	call->sending = HTTP_SEND_DONE;
	call->waiting = false;
	return OK;
}
