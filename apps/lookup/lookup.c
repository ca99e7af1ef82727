/* SPDX-License-Identifier: ISC */
/* Prints the addresses of a name and how long it took to learn them. Status 1: there are none. */
#include "hal/timer.h"
#include "runtime/console.h"
#include "runtime/fiber/resolve.h"
#include "runtime/time.h"
#include "unikernel.h"

static const char *reason(enum err e)
{
	switch (e) {
	case ERR_NOTFOUND:
		return "no such name, or no such addresses";
	case ERR_TIMEOUT:
		return "no server answers";
	case ERR_REFUSED:
		return "the servers refuse to answer";
	case ERR_IO:
		return "the servers cannot answer";
	case ERR_NOTREADY:
		return "there is no server to ask: see --dns";
	case ERR_INVALID:
		return "this is no name of a host";
	default:
		return err_str(e);
	}
}

static enum err look_up(struct resolver *dns, const char *name, enum resolver_family family)
{
	struct ip_addr addresses[RESOLVER_ADDRESSES_MAX];
	char text[INET_ADDR_CHARS];
	unsigned count;
	uint64_t begin_us = time_now_us();

	enum err e = resolve(dns, name, family, addresses, &count, TIME_NEVER);
	unsigned took_ms = (unsigned)((time_now_us() - begin_us) / US_PER_MS);
	for (unsigned i = 0; i < count; i++)
		console_printf("%s has address %s\n", name, inet_format(&addresses[i], text));
	if (e == OK)
		console_printf("%u found in %u ms\n", count, took_ms);
	else
		console_printf("%s: %s, after %u ms\n", name, reason(e), took_ms);
	return e;
}

int lookup(struct resolver *dns, const char *name, bool ipv6, bool again)
{
	enum resolver_family family = ipv6 ? RESOLVER_IPV6 : RESOLVER_IPV4;

	enum err e = look_up(dns, name, family);
	if (again)
		e = look_up(dns, name, family);
	return e == OK ? 0 : 1;
}
