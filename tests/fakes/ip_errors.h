/* SPDX-License-Identifier: ISC */
/* What a transport was told last of packets that did not arrive (ip_error_fn). */
#ifndef TESTS_FAKES_IP_ERRORS_H
#define TESTS_FAKES_IP_ERRORS_H

#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "net/ip/ip.h"

struct ip_error_seen {
	unsigned count;
	struct ip_meta meta;
	uint8_t transport[64];
	uint32_t len;
	enum err error;
	uint16_t mtu;
};

static inline void ip_error_note(struct ip_error_seen *seen, const struct ip_meta *meta,
				 const uint8_t *transport, uint32_t len, enum err error,
				 uint16_t mtu)
{
	seen->count++;
	seen->meta = *meta;
	memcpy(seen->transport, transport, MIN(len, (uint32_t)sizeof(seen->transport)));
	seen->len = len;
	seen->error = error;
	seen->mtu = mtu;
}

#endif
