/* SPDX-License-Identifier: ISC */
/* The text of an address, perhaps with a port. */
#include <string.h>

#include "base/attr.h"
#include "net/syslog/syslog.h"

static enum err parse_port(const char *text, uint16_t *port)
{
	unsigned value = 0;

	if (*text == '\0')
		return ERR_INVALID;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return ERR_INVALID;
		value = value * 10 + (unsigned)(*text - '0');
		if (value > UINT16_MAX)
			return ERR_INVALID;
	}
	*port = (uint16_t)value;
	return value != 0 ? OK : ERR_INVALID;
}

static GUARDED enum err parse_addr(const char *text, size_t len, struct ip_addr *addr)
{
	char copy[INET_ADDR_CHARS];

	if (len >= sizeof(copy))
		return ERR_INVALID;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return inet_parse(copy, addr);
}

enum err syslog_parse_server(const char *text, struct udp_peer *server)
{
	bool bracket = text[0] == '[';
	size_t len = strcspn(text += bracket, bracket ? "]" : "");
	const char *rest = text + len;

	server->port = SYSLOG_PORT;
	if (bracket && *rest++ != ']')
		return ERR_INVALID;
	/* Without brackets, what has one colon is not of IPv6. */
	const char *colon = strchr(text, ':');
	if (!bracket && colon != NULL && strchr(colon + 1, ':') == NULL) {
		len = (size_t)(colon - text);
		rest = colon;
	}
	enum err e = parse_addr(text, len, &server->addr);
	if (e != OK || *rest == '\0')
		return e;
	return *rest == ':' ? parse_port(rest + 1, &server->port) : ERR_INVALID;
}
