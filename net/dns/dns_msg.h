/* SPDX-License-Identifier: ISC */
/*
 * DNS messages (RFC 1035 section 4): the question that is sent, and what is taken from a response.
 */
#ifndef NET_DNS_MSG_H
#define NET_DNS_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/resolver.h"
#include "net/dns/dns_name.h"
#include "net/dns/dns_record.h"

enum {
	/* Header, question and EDNS record. */
	DNS_QUERY_BYTES_MAX = DNS_HEADER_BYTES + DNS_NAME_BYTES_MAX + 4 + 11,
	/*
	 * The longest response that is asked for over UDP (RFC 6891 section 6.2.5): one that no
	 * usual link fragments.
	 */
	DNS_UDP_BYTES_MAX = 1232,
	DNS_CNAMES_MAX = 8, /* in a row */
};

enum dns_rcode {
	DNS_NOERROR = 0,
	DNS_FORMERR = 1,
	DNS_SERVFAIL = 2,
	DNS_NXDOMAIN = 3,
	DNS_NOTIMP = 4,
	DNS_REFUSED = 5,
};

struct dns_question {
	uint16_t id;
	uint16_t type;        /* DNS_TYPE_A or DNS_TYPE_AAAA */
	bool edns;            /* with an EDNS record */
	struct dns_name name; /* large and small letters as they are sent */
};

struct dns_answer {
	enum dns_rcode rcode;
	bool truncated;           /* the rest is to be had over TCP; there is nothing below */
	bool recursion_available; /* the server asks others */
	bool may_cache;           /* ttl_s is set: for negative answers by an SOA record */
	uint32_t ttl_s;           /* of the addresses and aliases, or of their absence */
	unsigned count;           /* addresses; 0 with DNS_NOERROR: the name has none */
	struct ip_addr address[RESOLVER_ADDRESSES_MAX];
};

/* Writes the question, and returns its length. */
size_t dns_msg_emit(const struct dns_question *q, uint8_t out[static DNS_QUERY_BYTES_MAX]);

/*
 * Whether this is a response to `q`: its id, its question to the letter (RFC 5452 section 9.1). An
 * error may come without the question, as some servers answer to what they don't understand.
 */
bool dns_msg_matches(const struct dns_question *q, const uint8_t *msg, size_t len);

/*
 * Reads a response that matches. Aliases are followed within it, whatever their order. `cut`: the
 * message is longer than `len`; what there is of it counts. ERR_INVALID: the message is malformed,
 * or there are too many aliases.
 */
MUST_USE enum err dns_msg_parse(const struct dns_question *q, const uint8_t *msg, size_t len,
				bool cut, struct dns_answer *out);

#endif
