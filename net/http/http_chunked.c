/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "net/http/http_parse.h"

/*
 *   chunked-body = *chunk last-chunk trailer-section CRLF
 *   chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *
 * Extensions and trailers are skipped. Every line must end with CR LF.
 */
enum {
	SIZE_FIRST, /* the first digit of a size */
	SIZE,
	SIZE_BLANK, /* the bad white space that may stand before an extension */
	EXTENSION,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER_FIRST, /* a trailer line, or the CR LF that ends it all */
	TRAILER,
	TRAILER_LF,
	END_LF,
	END,
};

/* Of the states of a line behind its size: what ends them, what comes then, and whether text may
 * stand before it. */
static const struct {
	char end;
	uint8_t next;
	bool text;
} lines[] = {
	[EXTENSION] = {'\r', SIZE_LF, true},
	[SIZE_LF] = {'\n', DATA, false},
	[DATA_CR] = {'\r', DATA_LF, false},
	[DATA_LF] = {'\n', SIZE_FIRST, false},
	[TRAILER_FIRST] = {'\r', END_LF, true},
	[TRAILER] = {'\r', TRAILER_LF, true},
	[TRAILER_LF] = {'\n', TRAILER_FIRST, false},
	[END_LF] = {'\n', END, false},
	[END] = {'\n', END, false},
};

/* Counts what carries no data, so that it cannot go on for ever. */
static enum err count_overhead(struct http_chunked *d)
{
	return ++d->overhead > HTTP_HEADER_BYTES_MAX ? ERR_INVALID : OK;
}

static enum err size_digit(struct http_chunked *d, unsigned digit)
{
	if (d->left >> 56 != 0)
		return ERR_INVALID;
	if (d->state == SIZE && d->left == 0 && count_overhead(d) != OK)
		return ERR_INVALID; /* leading zeros */
	d->left = d->left << 4 | digit;
	d->state = SIZE;
	return OK;
}

static enum err size_char(struct http_chunked *d, uint8_t c)
{
	int digit = text_hex_value((char)c);
	if (digit >= 0 && d->state != SIZE_BLANK)
		return size_digit(d, (unsigned)digit);
	if (d->state == SIZE_FIRST)
		return ERR_INVALID;
	if (c == '\r' && d->state == SIZE) {
		d->state = SIZE_LF;
		return OK;
	}
	d->state = c == ';' ? EXTENSION : SIZE_BLANK;
	return c == ';' || c == ' ' || c == '\t' ? count_overhead(d) : ERR_INVALID;
}

/* One byte that is not data. */
static enum err step(struct http_chunked *d, uint8_t c)
{
	if (d->state <= SIZE_BLANK)
		return size_char(d, c);
	if (c == lines[d->state].end) {
		d->state = lines[d->state].next;
		/* The last chunk has been announced. */
		if (d->state == DATA && d->left == 0)
			d->state = TRAILER_FIRST;
		return d->state == END ? ERR_EOF : OK;
	}
	if (!lines[d->state].text || (c < ' ' && c != '\t') || c == 0x7f)
		return ERR_INVALID;
	if (d->state == TRAILER_FIRST)
		d->state = TRAILER;
	return count_overhead(d);
}

enum err http_chunked_decode(struct http_chunked *d, const uint8_t *bytes, size_t len, size_t *used,
			     size_t *data_bytes)
{
	*data_bytes = 0;
	for (*used = 0; *used < len;) {
		if (d->state == DATA) {
			size_t n = (size_t)MIN(d->left, (uint64_t)(len - *used));
			d->left -= n;
			if (d->left == 0)
				d->state = DATA_CR;
			*used += n;
			*data_bytes = n;
			return OK;
		}
		enum err e = step(d, bytes[(*used)++]);
		if (e != OK)
			return e;
	}
	return ERR_AGAIN;
}

static void take_sized(struct http_head *head, size_t len, struct http_run *run)
{
	run->used = run->data = (size_t)MIN((uint64_t)len, head->body_bytes);
	head->body_bytes -= run->data;
	run->last = head->body_bytes == 0;
}

enum err http_body_decode(struct http_head *head, struct http_chunked *chunked,
			  const uint8_t *bytes, size_t len, struct http_run *run)
{
	if ((head->flags & HTTP_CHUNKED) == 0) {
		take_sized(head, len, run);
		return OK;
	}
	enum err e = http_chunked_decode(chunked, bytes, len, &run->used, &run->data);
	head->body_bytes += run->data;
	run->last = e == ERR_EOF;
	return e == ERR_INVALID ? e : OK;
}
