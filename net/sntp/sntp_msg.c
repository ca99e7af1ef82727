/* SPDX-License-Identifier: ISC */
#include "net/sntp/sntp_msg.h"

#include <string.h>

#include "base/bytes.h"
#include "base/cursor.h"

void sntp_request_emit(uint64_t nonce, uint8_t out[static SNTP_MSG_BYTES])
{
	enum { TRANSMIT_AT = 40 };

	memset(out, 0, SNTP_MSG_BYTES);
	out[0] = SNTP_VERSION << 3 | SNTP_MODE_CLIENT;
	store_be32(out + TRANSMIT_AT, (uint32_t)(nonce >> 32));
	store_be32(out + TRANSMIT_AT + 4, (uint32_t)nonce);
}

static uint64_t read_timestamp(struct cursor *c)
{
	uint64_t seconds = cursor_be32(c);

	return seconds << 32 | cursor_be32(c);
}

bool sntp_reply_parse(struct sntp_reply *r, const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	uint8_t first = cursor_u8(&c);

	r->leap = first >> 6;
	r->version = first >> 3 & 7;
	r->mode = first & 7;
	r->stratum = cursor_u8(&c);
	r->poll = (int8_t)cursor_u8(&c);
	cursor_skip(&c, 1); /* precision */
	r->root_delay = cursor_be32(&c);
	r->root_dispersion = cursor_be32(&c);
	r->reference = cursor_be32(&c);
	cursor_skip(&c, 8); /* when the server's clock was last set */
	r->originate = read_timestamp(&c);
	r->receive = read_timestamp(&c);
	r->transmit = read_timestamp(&c);
	return cursor_ok(&c);
}

int64_t sntp_unix_us(uint64_t timestamp)
{
	const int64_t from_1900_s = 2208988800;
	const uint32_t seconds = (uint32_t)(timestamp >> 32), us_per_s = 1000000;
	int64_t unix_s = (int64_t)seconds - from_1900_s;

	if (seconds >> 31 == 0)
		unix_s += (int64_t)1 << 32;
	return unix_s * us_per_s + (int64_t)((timestamp & UINT32_MAX) * us_per_s >> 32);
}
