/* SPDX-License-Identifier: ISC */
#include "net/icmp/icmp.h"

#include "base/bytes.h"
#include "base/counter.h"
#include "net/icmp/icmp_quote.h"

static struct ipv4 *ipv4_of(const struct icmp *icmp)
{
	return container_of(icmp->ip, struct ipv4, ip);
}

/* --- what comes in --------------------------------------------------------------------------- */

static void echo(struct icmp *icmp, uint64_t now_us, struct pkt *p, const struct ip_meta *request)
{
	COUNT(icmp->stats.echo_requests);
	if (request->broadcast) /* answering would multiply a forged request */
		ip_drop(p, COUNTER_AT(icmp->stats.echo_broadcasts));
	else
		icmp_echo(icmp, now_us, p, request, ICMP_ECHO_REPLY);
}

/* Returns where the error counts. */
static uint32_t *report(struct icmp *icmp, uint64_t now_us, const struct pkt *p)
{
	const struct ipv4 *ipv4 = ipv4_of(icmp);
	struct ip_quote q;
	if (!icmp_quote_parse(&q, p->data, p->len))
		return COUNTER_AT(icmp->stats.bad);
	if (ip_addr_v4(&q.meta.src) == ipv4->addr &&
	    ip_bindings_report(&ipv4->bindings, now_us, &q))
		return COUNTER_AT(icmp->stats.errors_in);
	return COUNTER_AT(icmp->stats.not_ours);
}

static void input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct icmp *icmp = self;
	if (!icmp_is_intact(p, meta)) {
		ip_drop(p, COUNTER_AT(icmp->stats.bad));
		return;
	}
	uint8_t type = p->data[0];
	if (type == ICMP_ECHO)
		echo(icmp, now_us, p, meta);
	else if (!inet_is_minimal && icmp_is_error(type) && !meta->broadcast)
		ip_drop(p, report(icmp, now_us, p));
	else
		ip_drop(p, COUNTER_AT(icmp->stats.ignored));
}

/* --- errors that go out ---------------------------------------------------------------------- */

/*
 * RFC 1122 section 3.2.2: none about an ICMP message or a broadcast. Fragments but the first and
 * packets from no single host have not come so far.
 */
static bool is_answerable(const struct ip_meta *meta)
{
	return meta->proto != IP_PROTO_ICMP && !meta->broadcast;
}

static void unreachable(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	static const struct icmp_complaint complaint[] = {
		[IP_UNREACHABLE_PROTOCOL] = {.type = ICMP_UNREACHABLE, .code = ICMP_CODE_PROTOCOL},
		[IP_UNREACHABLE_PORT] = {.type = ICMP_UNREACHABLE, .code = ICMP_CODE_PORT},
		[IP_REASSEMBLY_TIMEOUT] = {.type = ICMP_TIME_EXCEEDED,
					   .code = ICMP_CODE_REASSEMBLY},
	};
	struct icmp *icmp = self;
	if (is_answerable(meta))
		icmp_complain(icmp, now_us, p, meta, &complaint[why]);
	else
		ip_drop(p, COUNTER_AT(icmp->stats.forbidden));
}

enum err icmp_init(struct icmp *icmp, struct ipv4 *ipv4, struct pkt_pool *tx)
{
	const struct token_bucket answers = TOKEN_BUCKET(ICMP_BURST, ICMP_REFILL_US);
	*icmp = (struct icmp){.ip = &ipv4->ip, .tx = tx};
	enum err e = ip_bind(&ipv4->ip, IP_PROTO_ICMP, input, NULL, icmp);
	if (e == OK && !inet_is_minimal) {
		*icmp->answers = answers;
		ipv4_set_unreachable(ipv4, unreachable, icmp);
	}
	return e;
}
