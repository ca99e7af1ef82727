/* SPDX-License-Identifier: ISC */
#include "net/sntp/sntp_msg.h"

#include <string.h>

#include "base/bytes.h"

/* Where things lie (RFC 5905 section 7.3), behind leap, version and mode in one byte. */
enum {
	STRATUM = 1,
	POLL = 2,
	ROOT_DELAY = 4,
	ROOT_DISPERSION = 8,
	REFERENCE = 12,
	ORIGINATE = 24,
	RECEIVE = 32,
	TRANSMIT = 40,
};

void sntp_request_emit(uint64_t nonce, uint8_t out[static SNTP_MSG_BYTES])
{
	memset(out, 0, SNTP_MSG_BYTES);
	out[0] = SNTP_VERSION << 3 | SNTP_MODE_CLIENT;
	store_be32(out + TRANSMIT, (uint32_t)(nonce >> 32));
	store_be32(out + TRANSMIT + 4, (uint32_t)nonce);
}

static uint64_t load_timestamp(const uint8_t *at)
{
	return (uint64_t)load_be32(at) << 32 | load_be32(at + 4);
}

bool sntp_reply_parse(struct sntp_reply *r, const uint8_t *bytes, size_t len)
{
	if (len < SNTP_MSG_BYTES)
		return false;
	r->leap = bytes[0] >> 6;
	r->version = bytes[0] >> 3 & 7;
	r->mode = bytes[0] & 7;
	r->stratum = bytes[STRATUM];
	r->poll = (int8_t)bytes[POLL];
	r->root_delay = load_be32(bytes + ROOT_DELAY);
	r->root_dispersion = load_be32(bytes + ROOT_DISPERSION);
	r->reference = load_be32(bytes + REFERENCE);
	r->originate = load_timestamp(bytes + ORIGINATE);
	r->receive = load_timestamp(bytes + RECEIVE);
	r->transmit = load_timestamp(bytes + TRANSMIT);
	return true;
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
