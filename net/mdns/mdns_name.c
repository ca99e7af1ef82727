/* SPDX-License-Identifier: ISC */
/* The names of the host and its services, and its addresses. */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "net/mdns/mdns_internal.h"

/*
 * Makes a name of `label`, with `number` in `format` behind it, and `tail`. The label is shortened
 * in front of the number if need be, not within a character. ERR_INVALID: it is longer than any may
 * be, or there is none.
 */
static GUARDED enum err join(struct dns_name *name, const char *label, unsigned number,
			     const char *format, const struct dns_name *tail)
{
	char text[DNS_LABEL_BYTES_MAX], suffix[16] = "";
	size_t len = strlen(label), more = 0;

	if (len > DNS_LABEL_BYTES_MAX)
		return ERR_INVALID;
	if (number > 1)
		more = (size_t)snprintf(suffix, sizeof(suffix), format, number);
	/* The NUL behind the label is no part of a character. */
	while (len + more > DNS_LABEL_BYTES_MAX || ((uint8_t)label[len] & 0xc0) == 0x80)
		len--;
	memcpy(text, label, len);
	memcpy(text + len, suffix, more);
	return dns_name_join(name, text, len + more, tail);
}

GUARDED enum err mdns_name_host(struct mdns *m)
{
	struct dns_name local;

	(void)!dns_name_from_text(&local, "local");
	return join(&m->host, m->label, m->number, "-%u", &local);
}

enum err mdns_name_instance(const struct mdns *m, struct mdns_entry *e)
{
	const char *label = e->service.instance;

	if (label == NULL || label[0] == '\0')
		label = m->label;
	return join(&e->instance, label, e->number, " (%u)", &e->type);
}

/* Adds the address from which packets to `to` start, if it is a new one; false: there is none. */
static bool add_source(const struct mdns *m, const struct ip_addr *to,
		       struct ip_addr addr[MDNS_ADDRS_MAX], unsigned *n)
{
	struct ip_route route;

	if (ip_route(m->udp->ip, to, &route) != OK)
		return false;
	for (unsigned i = 0; i < *n; i++) {
		if (ip_addr_equal(&addr[i], &route.src))
			return true;
	}
	addr[(*n)++] = route.src;
	return true;
}

/* Those that we would use towards the link, and towards the world. */
bool mdns_addrs_update(struct mdns *m)
{
	const struct ip_addr global = {{__builtin_bswap32(0x20000000), 0, 0, 0}};
	const struct ip_addr local_unique = {{__builtin_bswap32(0xfd000000), 0, 0, 0}};
	struct ip_addr addr[MDNS_ADDRS_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++) {
		struct mdns_link *link = &m->link[i];
		link->up = link->joined && add_source(m, &link->group, addr, &n);
	}
	if (m->link[1].up) {
		(void)add_source(m, &global, addr, &n);
		(void)add_source(m, &local_unique, addr, &n);
	}
	if (n == m->n_addrs && memcmp(addr, m->addr, n * sizeof(addr[0])) == 0)
		return false;
	memcpy(m->addr, addr, n * sizeof(addr[0]));
	m->n_addrs = n;
	return true;
}

/* RFC 1035 section 3.5, RFC 3596 section 2.5. */
GUARDED void mdns_reverse_name(const struct ip_addr *addr, struct dns_name *out)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * 32 + sizeof("ip6.arpa")], *at = text;

	if (ip_addr_is_v4(addr)) {
		at += strlen(inet_format_v4(__builtin_bswap32(ip_addr_v4(addr)), text));
		memcpy(at, ".in-addr.arpa", sizeof(".in-addr.arpa"));
	} else {
		const uint8_t *bytes = (const uint8_t *)addr->word;
		for (unsigned i = 16; i-- > 0;) {
			*at++ = digits[bytes[i] & 15];
			*at++ = '.';
			*at++ = digits[bytes[i] >> 4];
			*at++ = '.';
		}
		memcpy(at, "ip6.arpa", sizeof("ip6.arpa"));
	}
	(void)!dns_name_from_text(out, text);
}
