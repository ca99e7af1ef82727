/* SPDX-License-Identifier: ISC */
/* The servers, and which of them is asked. */
#define LOG_MODULE "sntp"
#include "base/assert.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/log.h"
#include "net/sntp/sntp_internal.h"

/* How long an address counts as that of its name: servers of a pool come and go. */
#define RESOLVED_US (UINT64_C(24) * 3600 * US_PER_S)

static struct sntp_server *after(struct sntp *sntp, struct sntp_server *s)
{
	return ++s == sntp->server + sntp->n_servers ? sntp->server : s;
}

void sntp_server_next(struct sntp *sntp)
{
	sntp->current = after(sntp, sntp->current);
}

static SELDOM struct sntp_server *add(struct sntp *sntp, struct ip_addr addr)
{
	struct sntp_server *s = &sntp->server[sntp->n_servers++];

	*s = (struct sntp_server){
		.addr = addr, .resolved_us = TIME_NEVER, .wait_log = SNTP_RETRY_LOG};
	return s;
}

enum err sntp_add_server(struct sntp *sntp, const char *name)
{
	struct ip_addr addr = {{0}};

	assert(sntp->state == SNTP_OFF);
	if (sntp->n_servers == SNTP_SERVERS_MAX)
		return ERR_NOMEM;
	bool is_address = inet_parse(name, &addr) == OK;
	if (!is_address && sntp->resolver == NULL) {
		log_error("server %s is no address, and there is no resolver for names", name);
		return ERR_INVALID;
	}
	struct sntp_server *s = add(sntp, addr);
	if (!is_address)
		s->name = name;
	return OK;
}

bool sntp_servers_are_v4(const struct sntp *sntp, const uint32_t *servers, unsigned n)
{
	if (sntp->n_servers != n)
		return false;
	for (unsigned i = 0; i < n; i++) {
		const struct ip_addr addr = ip_addr_from_v4(servers[i]);
		const struct sntp_server *s = &sntp->server[i];
		if (s->name != NULL || !ip_addr_equal(&s->addr, &addr))
			return false;
	}
	return true;
}

void sntp_servers_set_v4(struct sntp *sntp, const uint32_t *servers, unsigned n)
{
	sntp->n_servers = 0;
	sntp->current = sntp->server;
	for (unsigned i = 0; i < n; i++)
		(void)add(sntp, ip_addr_from_v4(servers[i]));
}

bool sntp_server_choose(struct sntp *sntp, uint64_t now_us, uint64_t *due_us)
{
	*due_us = TIME_NEVER;
	struct sntp_server *s = sntp->current;
	for (unsigned i = 0; i < sntp->n_servers; i++, s = after(sntp, s)) {
		if (s->denied)
			continue;
		if (s->not_before_us <= now_us) {
			sntp->current = s;
			return true;
		}
		*due_us = time_earlier(*due_us, s->not_before_us);
	}
	return false;
}

bool sntp_server_is_stale(struct sntp *sntp, uint64_t now_us)
{
	const struct sntp_server *s = sntp->current;

	return s->name != NULL &&
	       (s->resolved_us == TIME_NEVER || now_us - s->resolved_us > RESOLVED_US);
}

enum err sntp_server_resolve(struct sntp *sntp, uint64_t now_us)
{
	const struct sntp_server *s = sntp->current;

	return resolver_start(sntp->resolver, &sntp->request, s->name,
			      s->ipv6 ? RESOLVER_IPV6 : RESOLVER_IPV4, now_us);
}

void sntp_server_resolved(struct sntp *sntp, uint64_t now_us)
{
	struct sntp_server *s = sntp->current;

	s->addr = sntp->request.address[rng_below(sntp->rng, sntp->request.count)];
	s->resolved_us = now_us;
}

void sntp_server_failed(struct sntp *sntp)
{
	struct sntp_server *s = sntp->current;

	s->ipv6 = !s->ipv6;
	s->resolved_us = TIME_NEVER;
	sntp_server_next(sntp);
}

void sntp_server_asked(struct sntp *sntp, uint64_t now_us)
{
	struct sntp_server *s = sntp->current;

	s->not_before_us = now_us + ((uint64_t)US_PER_S << s->wait_log);
}

/* RFC 5905 section 7.4: the server may say in `poll` how long, and each time it is longer. */
void sntp_server_limited(struct sntp *sntp, uint64_t now_us, int poll)
{
	struct sntp_server *s = sntp->current;
	int wait_log = MAX(MAX(s->wait_log, SNTP_POLL_MIN_LOG) + 1, poll);

	s->wait_log = (uint8_t)MIN(wait_log, SNTP_RATE_MAX_LOG);
	sntp_server_asked(sntp, now_us);
}

UNGUARDED SELDOM void sntp_server_log(struct sntp *sntp, enum log_level level, const char *format,
				      uint64_t unix_us)
{
	char addr[INET_ADDR_CHARS], date[DATE_CHARS];

	log_line(level, format, inet_format(&sntp->current->addr, addr),
		 date_format(unix_us, date));
}

void sntp_server_denied(struct sntp *sntp)
{
	sntp->current->denied = true;
	sntp_server_log(sntp, LOG_WARN, "server %s wants no requests, and gets no more", 0);
}
