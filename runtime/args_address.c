/* SPDX-License-Identifier: ISC */
/*
 * Keys that are addresses.
 */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "runtime/args_internal.h"

/* An address and what follows it; nothing for address 0. */
static void format_v4_and(uint32_t v4, char separator, unsigned n, char text[static KEY_TEXT_BYTES])
{
	text[0] = '\0';
	if (v4 == 0)
		return;
	size_t len = strlen(inet_format_v4(v4, text));
	snprintf(text + len, KEY_TEXT_BYTES - len, "%c%u", separator, n);
}

static enum err parse_ipv4(const struct key *key, char *text)
{
	return inet_parse_v4(text, key->value);
}

static void format_ipv4(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	uint32_t v4 = *(const uint32_t *)key->value;
	text[0] = '\0';
	if (v4 != 0)
		(void)inet_format_v4(v4, text);
}

const struct key_type key_ipv4 = {
	.placeholder = "A.B.C.D",
	.expected = "an address such as 10.0.2.2",
	.parse = parse_ipv4,
	.format = format_ipv4,
};

static enum err parse_ipv4_prefix(const struct key *key, char *text)
{
	return inet_parse_v4_prefix(text, key->value);
}

static void format_ipv4_prefix(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const struct ipv4_prefix *p = key->value;
	format_v4_and(p->addr, '/', p->bits, text);
}

const struct key_type key_ipv4_prefix = {
	.placeholder = "A.B.C.D/BITS",
	.expected = "an address and prefix length such as 10.0.2.15/24",
	.parse = parse_ipv4_prefix,
	.format = format_ipv4_prefix,
};

static GUARDED enum err parse_ipv4_port(const struct key *key, char *text)
{
	char address[sizeof("255.255.255.255")];
	struct key_ipv4_port *out = key->value;
	size_t len = strcspn(text, ":");
	uint32_t addr;
	uint64_t port;

	if (text[len] == '\0' || len >= sizeof(address))
		return ERR_INVALID;
	const char *digits = text + len + 1;
	memcpy(address, text, len);
	address[len] = '\0';
	if (inet_parse_v4(address, &addr) != OK || !args_parse_digits(&digits, &port) ||
	    *digits != '\0')
		return ERR_INVALID;
	if ((port == 0 && addr != 0) || port > UINT16_MAX)
		return ERR_RANGE;
	*out = (struct key_ipv4_port){.addr = addr, .port = (uint16_t)port};
	return OK;
}

static void format_ipv4_port(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const struct key_ipv4_port *p = key->value;
	format_v4_and(p->addr, ':', p->port, text);
}

const struct key_type key_ipv4_port = {
	.placeholder = "A.B.C.D:PORT",
	.expected = "an address and port such as 10.0.2.2:7",
	.parse = parse_ipv4_port,
	.format = format_ipv4_port,
};

static GUARDED enum err parse_ipv4_route(const struct key *key, char *text)
{
	char prefix[sizeof("255.255.255.255/32")];
	size_t len = strcspn(text, ":");
	struct ipv4_route r = {0};

	if (text[len] == '\0' || len >= sizeof(prefix))
		return ERR_INVALID;
	memcpy(prefix, text, len);
	prefix[len] = '\0';
	enum err e = inet_parse_v4_prefix(prefix, &r.dst);
	if (e == OK)
		e = inet_parse_v4(text + len + 1, &r.gateway);
	if (e != OK)
		return e;
	if ((r.dst.addr & ~ipv4_prefix_mask(r.dst)) != 0)
		return ERR_INVALID; /* more than the prefix: one of the two is wrong */
	*(struct ipv4_route *)key->value = r;
	return OK;
}

static UNGUARDED void format_ipv4_route(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const struct ipv4_route *r = key->value;
	char dst[INET_V4_CHARS], gateway[INET_V4_CHARS];
	snprintf(text, KEY_TEXT_BYTES, "%s/%u:%s", inet_format_v4(r->dst.addr, dst), r->dst.bits,
		 inet_format_v4(r->gateway, gateway));
}

const struct key_type key_ipv4_route = {
	.placeholder = "A.B.C.D/BITS:A.B.C.D",
	.expected = "a network and the router to it such as 10.1.0.0/16:10.0.2.9",
	.parse = parse_ipv4_route,
	.format = format_ipv4_route,
};

static enum err parse_ipv6(const struct key *key, char *text)
{
	return inet_parse_v6(text, key->value);
}

static bool is_zero(const struct ip_addr *a)
{
	return (a->word[0] | a->word[1] | a->word[2] | a->word[3]) == 0;
}

static void format_ipv6(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const struct ip_addr *a = key->value;
	text[0] = '\0';
	if (!is_zero(a))
		(void)inet_format_v6(a, text);
}

const struct key_type key_ipv6 = {
	.placeholder = "X:X::X",
	.expected = "an IPv6 address such as fd00::2",
	.parse = parse_ipv6,
	.format = format_ipv6,
};

static enum err parse_ipv6_prefix(const struct key *key, char *text)
{
	return inet_parse_v6_prefix(text, key->value);
}

static void format_ipv6_prefix(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const struct ipv6_prefix *p = key->value;
	text[0] = '\0';
	if (is_zero(&p->addr))
		return;
	size_t len = strlen(inet_format_v6(&p->addr, text));
	snprintf(text + len, KEY_TEXT_BYTES - len, "/%u", p->bits);
}

const struct key_type key_ipv6_prefix = {
	.placeholder = "X:X::X/BITS",
	.expected = "an IPv6 address and prefix length such as fd00::2/64",
	.parse = parse_ipv6_prefix,
	.format = format_ipv6_prefix,
};

static enum err parse_ipv6_auto(const struct key *key, char *text)
{
	if (strcmp(text, "auto") != 0)
		return parse_ipv6_prefix(key, text);
	*(struct ipv6_prefix *)key->value = (struct ipv6_prefix){0};
	return OK;
}

static void format_ipv6_auto(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	format_ipv6_prefix(key, text);
	if (text[0] == '\0')
		snprintf(text, KEY_TEXT_BYTES, "auto");
}

const struct key_type key_ipv6_auto = {
	.placeholder = "X:X::X/BITS",
	.expected = "an IPv6 address and prefix length such as fd00::2/64, or auto",
	.parse = parse_ipv6_auto,
	.format = format_ipv6_auto,
};

/* Only a text without a colon can be of IPv4; "::ffff:10.0.2.2" is the same address as its end. */
static enum err parse_ip(const struct key *key, char *text)
{
	struct ip_addr *a = key->value;
	enum err e = inet_parse(text, a);

	if (e == OK && ip_addr_is_v4(a) && ip_addr_v4(a) == 0)
		*a = (struct ip_addr){{0}};
	return e;
}

static void format_ip(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const struct ip_addr *a = key->value;
	text[0] = '\0';
	if (!is_zero(a))
		(void)inet_format(a, text);
}

const struct key_type key_ip = {
	.placeholder = "ADDRESS",
	.expected = "an address such as 10.0.2.2 or fd00::2",
	.parse = parse_ip,
	.format = format_ip,
};

/* Six pairs of digits with colons; the bit that marks a group address must be 0. */
static enum err parse_mac(const struct key *key, char *text)
{
	uint8_t mac[6];
	for (unsigned i = 0; i < 6; i++) {
		int high = text_hex_value(text[0]);
		int low = high >= 0 ? text_hex_value(text[1]) : -1;
		if (low < 0 || text[2] != (i < 5 ? ':' : '\0'))
			return ERR_INVALID;
		mac[i] = (uint8_t)(high << 4 | low);
		text += 3;
	}
	if ((mac[0] & 1) != 0)
		return ERR_RANGE;
	memcpy(key->value, mac, sizeof(mac));
	return OK;
}

static void format_mac(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const uint8_t *m = key->value;
	text[0] = '\0';
	if ((m[0] | m[1] | m[2] | m[3] | m[4] | m[5]) != 0)
		snprintf(text, KEY_TEXT_BYTES, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2],
			 m[3], m[4], m[5]);
}

const struct key_type key_mac = {
	.placeholder = "MAC",
	.expected = "the address of one station, such as 52:54:00:12:34:56",
	.parse = parse_mac,
	.format = format_mac,
};
