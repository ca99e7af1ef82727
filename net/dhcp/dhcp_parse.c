/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "net/dhcp/dhcp_format.h"
#include "net/dhcp/dhcp_msg.h"
#include "net/ipv4/routes.h"

enum {
	AREAS_MAX = 3,
	/* Of an option that is taken: 28 routes and more, 64 addresses. */
	VALUE_BYTES_MAX = 256,
	OVERLOAD_FILE = 1 << 0,
	OVERLOAD_SNAME = 1 << 1,
};

struct value {
	size_t len; /* 0: the option is not there, or too long */
	uint8_t bytes[VALUE_BYTES_MAX];
};

struct areas {
	/* The places that hold options, in the order in which their parts belong together
	 * (RFC 3396). */
	struct cursor area[AREAS_MAX];
	bool malformed;     /* an option is cut off: find() has seen it */
	struct value found; /* what it found last */
};

/* --- options --------------------------------------------------------------------------------- */

/* The next option of an area; OPTION_END at its end, with a failed cursor when one is cut off. */
static uint8_t next_option(struct cursor *c, struct cursor *value)
{
	while (c->left > 0) {
		uint8_t code = cursor_u8(c);
		if (code == OPTION_PAD)
			continue;
		if (code == OPTION_END)
			break;
		value->left = cursor_u8(c);
		value->next = cursor_bytes(c, value->left);
		return cursor_ok(c) ? code : OPTION_END;
	}
	return OPTION_END;
}

/* Puts the parts of an option together (RFC 3396 section 5). Valid until the next call. */
static const struct value *find(struct areas *areas, uint8_t wanted)
{
	struct value *v = &areas->found;
	v->len = 0;
	for (unsigned i = 0; i < AREAS_MAX; i++) {
		struct cursor c = areas->area[i], part;
		uint8_t code;
		while ((code = next_option(&c, &part)) != OPTION_END) {
			if (code != wanted)
				continue;
			if (part.left > sizeof(v->bytes) - v->len) {
				v->len = 0;
				return v;
			}
			memcpy(v->bytes + v->len, part.next, part.left);
			v->len += part.left;
		}
		areas->malformed |= !cursor_ok(&c);
	}
	return v;
}

static uint8_t find_u8(struct areas *areas, uint8_t code)
{
	const struct value *v = find(areas, code);
	return v->len == 1 ? v->bytes[0] : 0;
}

static uint32_t find_u32(struct areas *areas, uint8_t code)
{
	const struct value *v = find(areas, code);
	return v->len == 4 ? load_be32(v->bytes) : 0;
}

/* An address that one host can have. */
static bool is_host(uint32_t addr)
{
	return ipv4_is_host((struct ipv4_prefix){.addr = addr, .bits = 32});
}

static void find_addrs(struct areas *areas, uint8_t code, struct dhcp_addrs *out)
{
	const struct value *v = find(areas, code);
	out->n = 0;
	if (v->len % 4 != 0)
		return;
	for (size_t i = 0; i < v->len && out->n < DHCP_ADDRS_MAX; i += 4) {
		uint32_t addr = load_be32(v->bytes + i);
		if (is_host(addr))
			out->addr[out->n++] = addr;
	}
}

/*
 * RFC 950 section 2.1 leaves it open, but every prefix is contiguous (RFC 4632 section 5.1).
 * Without a mask it is what the class of the address says (RFC 791 section 3.2).
 */
static uint8_t prefix_bits(uint32_t addr, uint32_t mask)
{
	uint32_t host = ~mask;
	if (mask != 0 && (host & (host + 1)) == 0)
		return (uint8_t)(32 - __builtin_ctz(mask));
	if (addr >> 31 == 0)
		return 8;
	return addr >> 30 == 2 ? 16 : 24;
}

/* A name that may go into a query or a log line as it is. */
static void find_domain(struct areas *areas, char out[static DHCP_DOMAIN_CHARS])
{
	const struct value *v = find(areas, OPTION_DOMAIN);
	size_t len = v->len;
	while (len > 0 && v->bytes[len - 1] == '\0') /* RFC 2132 section 2: some servers add it */
		len--;
	out[0] = '\0';
	if (len >= DHCP_DOMAIN_CHARS)
		return;
	for (size_t i = 0; i < len; i++) {
		if (!text_is_name_char((char)v->bytes[i]) && v->bytes[i] != '.')
			return;
	}
	memcpy(out, v->bytes, len);
	out[len] = '\0';
}

/* --- routes ---------------------------------------------------------------------------------- */

/*
 * The next of the classless routes: bits, as many bytes as they take, router. RFC 3442 page 3. What
 * those bytes have beyond the prefix is cut off (page 4).
 */
static bool next_route(struct cursor *c, struct ipv4_route *r)
{
	uint8_t bits = cursor_u8(c);
	if (bits > 32)
		cursor_fail(c);
	size_t len = (bits + 7u) / 8;
	const uint8_t *dst = cursor_bytes(c, len);
	*r = (struct ipv4_route){.dst.bits = bits, .gateway = cursor_be32(c)};
	if (!cursor_ok(c))
		return false;
	memcpy(&r->dst.addr, dst, len);
	r->dst.addr = __builtin_bswap32(r->dst.addr) & ipv4_prefix_mask(r->dst);
	return true;
}

/* The default route has a field of its own, and a router. */
static void take_route(struct dhcp_lease *l, const struct ipv4_route *r)
{
	struct dhcp_routes *routes = &l->routes;
	if (r->dst.bits == 0) {
		if (l->gateway == 0 && is_host(r->gateway))
			l->gateway = r->gateway;
	} else if (routes->n < DHCP_ROUTES_MAX && ipv4_is_route(r)) {
		routes->route[routes->n++] = *r;
	}
}

/*
 * False if there are no classless routes, or they are malformed; where they are, the option routers
 * means nothing even if none of them is the default (RFC 3442 page 4).
 */
static bool find_classless(struct areas *areas, struct dhcp_lease *l)
{
	const struct value *v = find(areas, OPTION_ROUTES);
	struct ipv4_route r;
	struct cursor c = cursor_over(v->bytes, v->len);
	while (c.left > 0 && next_route(&c, &r))
		take_route(l, &r);
	if (v->len > 0 && cursor_ok(&c))
		return true;
	l->gateway = 0;
	l->routes.n = 0;
	return false;
}

/* A gateway outside the subnet is left out: what is on the link is better than nothing. */
static void find_routes(struct areas *areas, struct dhcp_lease *l)
{
	struct dhcp_addrs routers;
	if (inet_is_minimal || !find_classless(areas, l)) {
		find_addrs(areas, OPTION_ROUTERS, &routers);
		l->gateway = routers.n > 0 ? routers.addr[0] : 0;
	}
	if (!ipv4_is_gateway(l->prefix, l->gateway))
		l->gateway = 0;
}

/* --- the message ----------------------------------------------------------------------------- */

/* Section 4.1: first the options field, then file, then sname, as option 52 says. */
static void find_areas(struct areas *areas, const uint8_t *bytes, size_t len)
{
	areas->malformed = false;
	areas->area[0] = cursor_over(bytes + DHCP_OPTIONS, len - DHCP_OPTIONS);
	areas->area[1] = cursor_over(bytes + DHCP_FILE, 0);
	areas->area[2] = cursor_over(bytes + DHCP_SNAME, 0);
	uint8_t overload = find_u8(areas, OPTION_OVERLOAD);
	if ((overload & OVERLOAD_FILE) != 0)
		areas->area[1].left = DHCP_FILE_BYTES;
	if ((overload & OVERLOAD_SNAME) != 0)
		areas->area[2].left = DHCP_SNAME_BYTES;
}

static bool is_reply_to(const uint8_t *bytes, size_t len, const uint8_t mac[6])
{
	return len >= DHCP_OPTIONS && bytes[DHCP_OP] == BOOTREPLY &&
	       bytes[DHCP_HTYPE] == HTYPE_ETHERNET && bytes[DHCP_HLEN] == HLEN_ETHERNET &&
	       memcmp(bytes + DHCP_CHADDR, mac, HLEN_ETHERNET) == 0 &&
	       load_be32(bytes + DHCP_COOKIE) == DHCP_MAGIC;
}

static bool is_from_server(uint8_t type)
{
	return type == DHCP_OFFER || type == DHCP_ACK || type == DHCP_NAK;
}

static void find_lease(struct areas *areas, struct dhcp_lease *l, uint32_t addr)
{
	l->prefix.addr = addr;
	l->prefix.bits = prefix_bits(addr, find_u32(areas, OPTION_MASK));
	l->server = find_u32(areas, OPTION_SERVER);
	l->seconds = find_u32(areas, OPTION_LEASE);
	find_routes(areas, l);
	if (!inet_is_minimal) {
		find_addrs(areas, OPTION_DNS, &l->dns);
		find_addrs(areas, OPTION_NTP, &l->ntp);
		find_domain(areas, l->domain);
	}
}

bool dhcp_reply_parse(struct dhcp_reply *r, const uint8_t *bytes, size_t len, const uint8_t mac[6])
{
	struct areas areas;
	if (!is_reply_to(bytes, len, mac))
		return false;
	find_areas(&areas, bytes, len);
	memset(r, 0, sizeof(*r));
	r->type = find_u8(&areas, OPTION_TYPE);
	r->xid = load_be32(bytes + DHCP_XID);
	r->t1_s = find_u32(&areas, OPTION_T1);
	r->t2_s = find_u32(&areas, OPTION_T2);
	find_lease(&areas, &r->lease, load_be32(bytes + DHCP_YIADDR));
	return !areas.malformed && is_from_server(r->type) && is_host(r->lease.server);
}
