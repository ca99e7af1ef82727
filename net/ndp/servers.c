/* SPDX-License-Identifier: ISC */
#include "net/ndp/servers.h"

#include "base/attr.h"
#include "base/cursor.h"
#include "base/text.h"
#include "net/ndp/ndp_internal.h"

enum { OPTION_LISTS_AT = 8 /* behind type, length, reserved, lifetime */ };

/* --- both tables ----------------------------------------------------------------------------- */

/* An entry is what is known, and until when: 0 if it is free. */
_Static_assert(offsetof(struct ndp_server, until_us) == sizeof(struct ip_addr) &&
		       offsetof(struct ndp_domain, until_us) == NDP_DOMAIN_CHARS,
	       "the time is behind what is known");

static uint64_t *until_of(void *entry, size_t known_bytes)
{
	return (void *)((uint8_t *)entry + known_bytes);
}

/*
 * Keeps what is `known` until that time, 0 to forget it: in its entry, a free one, or that which is
 * gone first. True if the list has changed, not just a lifetime in it.
 */
static bool take(void *table, unsigned n, const void *known, size_t known_bytes, uint64_t until_us)
{
	uint8_t *place = table, *at = table;
	for (; n > 0; n--, at += known_bytes + sizeof(until_us)) {
		uint64_t at_us = *until_of(at, known_bytes);
		if (at_us != 0 && memcmp(at, known, known_bytes) == 0) {
			*until_of(at, known_bytes) = until_us;
			return until_us == 0;
		}
		if (at_us < *until_of(place, known_bytes))
			place = at;
	}
	if (until_us <= *until_of(place, known_bytes))
		return false;
	memcpy(place, known, known_bytes);
	*until_of(place, known_bytes) = until_us;
	return true;
}

/* Frees what is due; true if something was. Lowers *due_us to when the next will be. */
static SELDOM bool expire(void *table, unsigned n, size_t known_bytes, uint64_t now_us,
			  uint64_t *due_us)
{
	uint8_t *at = table;
	bool changed = false;
	for (unsigned i = 0; i < n; i++, at += known_bytes + sizeof(now_us)) {
		uint64_t *until_us = until_of(at, known_bytes);
		if (*until_us == 0)
			continue;
		if (now_us < *until_us) {
			*due_us = time_earlier(*due_us, *until_us);
			continue;
		}
		*until_us = 0;
		changed = true;
	}
	return changed;
}

/* --- servers (RFC 8106 section 5.1) ---------------------------------------------------------- */

static bool take_servers(struct ndp_servers *s, struct cursor *c, uint64_t until_us)
{
	bool changed = false;
	while (c->left >= IPV6_ADDR_BYTES) {
		const struct ip_addr addr = ipv6_addr_load(cursor_bytes(c, IPV6_ADDR_BYTES));
		if (ipv6_addr_is_host(&addr))
			changed |= take(s->server, NDP_SERVERS_MAX, &addr, sizeof(addr), until_us);
	}
	return changed;
}

unsigned ndp_servers_get(const struct ndp_servers *s, struct ip_addr out[static NDP_SERVERS_MAX])
{
	unsigned n = 0;
	for (unsigned i = 0; i < NDP_SERVERS_MAX; i++) {
		if (s->server[i].until_us != 0)
			out[n++] = s->server[i].addr;
	}
	return n;
}

/* --- domains (section 5.2) ------------------------------------------------------------------- */

/* RFC 1123 section 2.1, and the underscore that some use. */
static bool is_host_char(uint8_t c)
{
	return text_is_name_char((char)c) || c == '_';
}

/*
 * Labels (RFC 1035 section 3.1, uncompressed) as text: false if they are no name of at most 63
 * characters, of which the cursor is then somewhere behind.
 */
static bool read_name(struct cursor *c, char out[static NDP_DOMAIN_CHARS])
{
	size_t n = 0;
	bool fits = true;
	memset(out, 0, NDP_DOMAIN_CHARS);
	for (uint8_t len; (len = cursor_u8(c)) != 0;) {
		const uint8_t *label = cursor_bytes(c, len);
		if (label == NULL)
			return false;
		fits = fits && n + (n > 0) + len < NDP_DOMAIN_CHARS;
		if (!fits)
			continue;
		if (n > 0)
			out[n++] = '.';
		for (unsigned i = 0; i < len; i++) {
			fits = fits && is_host_char(label[i]);
			out[n++] = (char)label[i];
		}
	}
	return cursor_ok(c) && fits && n > 0;
}

static bool take_domains(struct ndp_servers *s, struct cursor *c, uint64_t until_us)
{
	char *name = s->name;
	bool changed = false;
	while (c->left > 0) {
		if (read_name(c, name)) /* zeros at the end are padding: empty names */
			changed |=
				take(s->domain, NDP_DOMAINS_MAX, name, sizeof(s->name), until_us);
	}
	return changed;
}

/* --- the part -------------------------------------------------------------------------------- */

static void option(void *self, uint64_t now_us, const uint8_t *bytes, size_t len)
{
	struct ndp_servers *s = self;
	uint32_t lifetime_s = load_be32(bytes + 4);
	uint64_t until_us = lifetime_s != 0 ? ndp_after_s(now_us, lifetime_s) : 0;
	struct cursor c = cursor_over(bytes + OPTION_LISTS_AT, len - OPTION_LISTS_AT);
	bool changed = false;
	if (bytes[0] == NDP_OPTION_RDNSS)
		changed = take_servers(s, &c, until_us);
	else if (bytes[0] == NDP_OPTION_DNSSL)
		changed = take_domains(s, &c, until_us);
	ndp_expect_poll_at(s->ndp, until_us != 0 ? until_us : TIME_NEVER);
	if (changed)
		ndp_tell(s->ndp, now_us);
}

static uint64_t poll(void *self, uint64_t now_us)
{
	struct ndp_servers *s = self;
	uint64_t due_us = TIME_NEVER;
	bool changed = expire(s->server, NDP_SERVERS_MAX, sizeof(struct ip_addr), now_us, &due_us);
	changed |= expire(s->domain, NDP_DOMAINS_MAX, NDP_DOMAIN_CHARS, now_us, &due_us);
	if (changed)
		ndp_tell(s->ndp, now_us);
	return due_us;
}

void ndp_servers_init(struct ndp_servers *s, struct ndp *ndp)
{
	static const struct ndp_part part = {.option = option, .poll = poll};
	*s = (struct ndp_servers){.ndp = ndp};
	ndp->part = &part;
	ndp->part_self = s;
}
