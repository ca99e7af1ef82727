/* SPDX-License-Identifier: ISC */
/* The names of the host and its services, and its addresses. */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "net/mdns/mdns_internal.h"

const uint8_t mdns_local[MDNS_LOCAL_BYTES] = "\5local"; /* its NUL is the empty label */

/*
 * Makes `label`, with `number` in `format` behind it, the first of a name that has no end yet. It
 * is shortened in front of the number if need be, not within a character. ERR_INVALID: it is longer
 * than any may be, or there is none.
 */
static enum err begin(struct dns_name *name, const char *label, unsigned number, const char *format)
{
	enum { SUFFIX_BYTES = 16 };
	char *text = (char *)name->bytes + 1, *suffix = text + DNS_LABEL_BYTES_MAX;
	size_t len = strlen(label), more = 0;

	if (len == 0 || len > DNS_LABEL_BYTES_MAX)
		return ERR_INVALID;
	if (number > 1)
		more = (size_t)snprintf(suffix, SUFFIX_BYTES, format, number);
	/* The NUL behind the label is no part of a character. */
	while (len + more > DNS_LABEL_BYTES_MAX || ((uint8_t)label[len] & 0xc0) == 0x80)
		len--;
	memcpy(text, label, len);
	memmove(text + len, suffix, more);
	name->bytes[0] = (uint8_t)(len + more);
	name->len = (uint8_t)(1 + len + more);
	return OK;
}

enum err mdns_make_name(struct mdns *m, unsigned number)
{
	const struct mdns_entry *e = number > 0 ? &m->entry[number - 1] : NULL;
	const char *label = e != NULL ? e->service.instance : NULL;
	struct dns_name *name = &m->name[number];

	if (label == NULL || label[0] == '\0')
		label = m->label;
	if (begin(name, label, m->number[number], e != NULL ? " (%u)" : "-%u") != OK)
		return ERR_INVALID;
	return e != NULL ? dns_name_append(name, e->type.bytes, e->type.len)
			 : dns_name_append(name, mdns_local, sizeof(mdns_local));
}

unsigned mdns_find_name(const struct mdns *m, const struct dns_name *name)
{
	unsigned number = 0;

	while (number < mdns_names(m) && !dns_name_equal(&m->name[number], name))
		number++;
	return number;
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
	static const struct ip_addr global = INET_ADDR(0x20000000, 0, 0, 0);
	static const struct ip_addr local_unique = INET_ADDR(0xfd000000, 0, 0, 0);
	struct ip_addr addr[MDNS_ADDRS_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++) {
		struct mdns_link *link = &m->link[i];
		link->up = link->joined && add_source(m, &link->to.addr, addr, &n);
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
UNGUARDED void mdns_reverse_name(const struct ip_addr *addr, struct dns_name *out)
{
	static const char digits[] = "0123456789abcdef";
	static const uint8_t v4[] = "\7in-addr\4arpa", v6[] = "\3ip6\4arpa";

	if (ip_addr_is_v4(addr)) {
		char text[INET_V4_CHARS];
		inet_format_v4(__builtin_bswap32(ip_addr_v4(addr)), text);
		(void)!dns_name_from_text(out, text);
		out->len--; /* more follows */
		(void)!dns_name_append(out, v4, sizeof(v4));
		return;
	}
	uint8_t *at = out->bytes;
	for (unsigned i = 32; i-- > 0;) {
		uint8_t byte = ((const uint8_t *)addr->word)[i / 2];
		*at++ = 1;
		*at++ = (uint8_t)digits[i % 2 != 0 ? byte & 15 : byte >> 4];
	}
	out->len = 2 * 32;
	(void)!dns_name_append(out, v6, sizeof(v6));
}
