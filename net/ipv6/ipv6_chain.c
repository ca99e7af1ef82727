/* SPDX-License-Identifier: ISC */
#include "net/ipv6/ipv6_chain.h"

#include "base/bytes.h"
#include "net/ip/ipv6_header.h"

enum {
	OPTION_PAD1 = 0,
	OPTION_PADN = 1,
	LENGTH_UNIT = 8, /* bytes that lengths of headers count in, less the first eight */
	FRAGMENT_MORE = 1,
	FRAGMENT_OFFSET = 0xfff8, /* in bytes, as it happens */
};

/* RFC 8200 section 4.2: what the two highest bits of an unknown option's type ask for. */
static enum ipv6_verdict verdict_of_option(uint8_t type)
{
	static const uint8_t verdict[] = {IPV6_ACCEPT, IPV6_DISCARD, IPV6_PROBLEM_ALWAYS,
					  IPV6_PROBLEM};
	return (enum ipv6_verdict)verdict[type >> 6];
}

static enum ipv6_verdict problem(struct ipv6_chain *c, enum ipv6_problem code, size_t at)
{
	c->code = (uint8_t)code;
	c->problem_at = (uint32_t)at;
	return IPV6_PROBLEM;
}

/* The options from `at` up to `end` (section 4.2), of which this host knows none but padding. */
static enum ipv6_verdict walk_options(struct ipv6_chain *c, const uint8_t *packet, size_t at,
				      size_t end)
{
	unsigned options = 0, padding = 0;
	while (at < end) {
		uint8_t type = packet[at];
		size_t bytes = 1;
		if (type != OPTION_PAD1) {
			bytes = at + 1 < end ? packet[at + 1] + (size_t)2 : SIZE_MAX;
			if (bytes > end - at)
				return IPV6_TRUNCATED;
		}
		bool pads = type == OPTION_PAD1 || type == OPTION_PADN;
		padding = pads ? padding + (unsigned)bytes : 0;
		options += !pads;
		if (padding > IPV6_PADDING_MAX || options > IPV6_OPTIONS_MAX)
			return IPV6_EXCESS;
		enum ipv6_verdict verdict = pads ? IPV6_ACCEPT : verdict_of_option(type);
		if (verdict != IPV6_ACCEPT) {
			(void)problem(c, IPV6_PROBLEM_OPTION, at);
			return verdict;
		}
		at += bytes;
	}
	return IPV6_ACCEPT;
}

/* Section 4.4: of any type, one with no segments left is skipped, and others are refused. */
static enum ipv6_verdict check_routing(struct ipv6_chain *c, const uint8_t *packet, size_t at)
{
	return packet[at + 3] == 0 ? IPV6_ACCEPT : problem(c, IPV6_PROBLEM_FIELD, at + 2);
}

/* Section 4.5; one that is the whole packet means nothing (RFC 6946). */
static void take_fragment(struct ipv6_chain *c, const uint8_t *packet, size_t at)
{
	uint16_t field = load_be16(packet + at + 2);
	c->fragment_at = (uint32_t)at;
	c->fragment_named_at = c->next_at;
	c->fragment_offset = field & FRAGMENT_OFFSET;
	c->more = (field & FRAGMENT_MORE) != 0;
	c->is_fragment = (field & (FRAGMENT_OFFSET | FRAGMENT_MORE)) != 0;
	c->is_first = (field & FRAGMENT_OFFSET) == 0;
}

static bool is_extension(uint8_t next)
{
	return next == IPV6_HOP_BY_HOP || next == IPV6_ROUTING || next == IPV6_FRAGMENT ||
	       next == IPV6_DESTINATION_OPTIONS;
}

/* One header, of c->proto, at c->bytes. */
static enum ipv6_verdict walk_header(struct ipv6_chain *c, const uint8_t *packet, size_t len)
{
	size_t at = c->bytes;
	if (c->proto == IPV6_HOP_BY_HOP && at != IPV6_HEADER_BYTES) /* only first (section 4.1) */
		return problem(c, IPV6_PROBLEM_NEXT_HEADER, c->next_at);
	if (c->proto == IPV6_FRAGMENT && c->fragment_at != 0)
		return IPV6_EXCESS;
	if (len - at < LENGTH_UNIT)
		return IPV6_TRUNCATED;
	size_t bytes = LENGTH_UNIT;
	if (c->proto != IPV6_FRAGMENT)
		bytes += packet[at + 1] * (size_t)LENGTH_UNIT;
	if (bytes > len - at)
		return IPV6_TRUNCATED;
	enum ipv6_verdict verdict = IPV6_ACCEPT;
	if (c->proto == IPV6_FRAGMENT)
		take_fragment(c, packet, at);
	else if (c->proto == IPV6_ROUTING)
		verdict = check_routing(c, packet, at);
	else
		verdict = walk_options(c, packet, at + 2, at + bytes);
	c->next_at = (uint32_t)at;
	c->proto = packet[at];
	c->bytes += (uint32_t)bytes;
	return verdict;
}

enum ipv6_verdict ipv6_chain_walk(struct ipv6_chain *c, const uint8_t *packet, size_t len)
{
	*c = (struct ipv6_chain){.bytes = IPV6_HEADER_BYTES,
				 .next_at = IPV6_NEXT_HEADER_AT,
				 .proto = packet[IPV6_NEXT_HEADER_AT],
				 .is_first = true};
	for (unsigned n = 0; is_extension(c->proto) && c->is_first; n++) {
		if (n == IPV6_EXTENSIONS_MAX)
			return IPV6_EXCESS;
		enum ipv6_verdict verdict = walk_header(c, packet, len);
		if (verdict != IPV6_ACCEPT)
			return verdict;
	}
	return c->proto == IPV6_NO_NEXT_HEADER && c->is_first ? IPV6_DISCARD : IPV6_ACCEPT;
}

uint8_t ipv6_chain_skip(const uint8_t *packet, size_t len, size_t *at)
{
	uint8_t next = packet[IPV6_NEXT_HEADER_AT];
	*at = IPV6_HEADER_BYTES;
	while (is_extension(next)) {
		if (len - *at < LENGTH_UNIT)
			return IPV6_NO_NEXT_HEADER;
		size_t units = next == IPV6_FRAGMENT ? 0 : packet[*at + 1];
		next = packet[*at];
		if ((units + 1) * LENGTH_UNIT > len - *at)
			return IPV6_NO_NEXT_HEADER;
		*at += (units + 1) * LENGTH_UNIT;
	}
	return next;
}
