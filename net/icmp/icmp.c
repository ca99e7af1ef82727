/* SPDX-License-Identifier: ISC */
#include "net/icmp/icmp.h"

#include "base/bytes.h"
#include "base/counter.h"
#include "net/icmp/icmp_quote.h"

static void drop(struct pkt *p, uint32_t *counter)
{
	COUNT_AT(counter);
	pkt_put(p);
}

/* Sends p, and frees it if that cannot be. */
static void send(struct icmp *icmp, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		 uint32_t *sent, uint32_t *failed)
{
	if (ip_output(&icmp->ipv4->ip, now_us, p, meta) == OK)
		COUNT_AT(sent);
	else
		drop(p, failed);
}

/* --- echo (RFC 792, RFC 1122 section 3.2.2.6) ------------------------------------------------ */

/*
 * The type changes from 8 to 0, and the checksum by as much (RFC 1624 section 3, eqn. 3). That says
 * 0 of a message of nothing but zeros too, whose checksum is the other zero; for all others either
 * will do.
 */
static void turn_into_reply(struct pkt *p)
{
	uint16_t old_field, old_word, new_word;
	memcpy(&old_field, p->data + 2, sizeof(old_field));
	memcpy(&old_word, p->data, sizeof(old_word));
	p->data[0] = ICMP_ECHO_REPLY;
	memcpy(&new_word, p->data, sizeof(new_word));
	uint32_t sum = (uint32_t)(uint16_t)~old_field + (uint16_t)~old_word + new_word;
	uint16_t field = csum_fold(sum);
	csum_store(p->data + 2, field != 0 ? field : UINT16_MAX);
	p->flags = 0;
}

static void echo(struct icmp *icmp, uint64_t now_us, struct pkt *p, const struct ip_meta *request)
{
	COUNT(icmp->stats.echo_requests);
	if (request->broadcast) { /* answering would multiply a forged request */
		drop(p, COUNTER_AT(icmp->stats.echo_broadcasts));
		return;
	}
	turn_into_reply(p); /* the headers that it came with left room for its new ones */
	const struct ip_meta reply = {
		.src = request->dst,
		.dst = request->src,
		.proto = IP_PROTO_ICMP,
		.tos = request->tos & 0xfc, /* its DSCP; ECN is for transports (RFC 3168) */
	};
	send(icmp, now_us, p, &reply, COUNTER_AT(icmp->stats.echo_replies),
	     COUNTER_AT(icmp->stats.echo_failed));
}

/* --- errors that come in --------------------------------------------------------------------- */

static void error_input(struct icmp *icmp, uint64_t now_us, struct pkt *p)
{
	struct icmp_quote q;
	if (!icmp_quote_parse(&q, p->data, p->len)) {
		drop(p, COUNTER_AT(icmp->stats.bad));
		return;
	}
	if (ip_addr_v4(&q.meta.src) == icmp->ipv4->addr &&
	    ipv4_report_error(icmp->ipv4, now_us, &q.meta, q.transport, q.transport_bytes, q.error,
			      q.mtu))
		COUNT(icmp->stats.errors_in);
	else
		COUNT(icmp->stats.not_ours);
	pkt_put(p);
}

/* Whatever a device says: they check TCP and UDP, and an echo's checksum goes on into its reply. */
static bool is_intact(const struct pkt *p)
{
	return p->len >= ICMP_HEADER_BYTES && csum_is_intact(pkt_csum(0, p));
}

static void input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct icmp *icmp = self;
	if (!is_intact(p)) {
		drop(p, COUNTER_AT(icmp->stats.bad));
		return;
	}
	uint8_t type = p->data[0];
	if (type == ICMP_ECHO)
		echo(icmp, now_us, p, meta);
	else if (!inet_is_minimal && icmp_is_error(type) && !meta->broadcast)
		error_input(icmp, now_us, p);
	else
		drop(p, COUNTER_AT(icmp->stats.ignored));
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

/* An error that quotes `p`, from its network header on, as far as its first piece goes. */
static struct pkt *build_error(struct icmp *icmp, const struct pkt *p, enum ip_unreachable why)
{
	static const struct {
		uint8_t type, code;
	} kind[] = {
		[IP_UNREACHABLE_PROTOCOL] = {ICMP_UNREACHABLE, ICMP_CODE_PROTOCOL},
		[IP_UNREACHABLE_PORT] = {ICMP_UNREACHABLE, ICMP_CODE_PORT},
		[IP_REASSEMBLY_TIMEOUT] = {ICMP_TIME_EXCEEDED, ICMP_CODE_REASSEMBLY},
	};
	const uint8_t *packet = p->buf + p->l3;
	uint32_t len = (uint32_t)(p->data + p->len - packet);
	struct pkt *error = pkt_alloc(icmp->tx, PKT_HEADROOM);
	if (error == NULL)
		return NULL;
	uint8_t *header = pkt_append(error, ICMP_HEADER_BYTES);
	memset(header, 0, ICMP_HEADER_BYTES);
	header[0] = kind[why].type;
	header[1] = kind[why].code;
	len = MIN(len, ICMP_ERROR_BYTES_MAX - IPV4_HEADER_BYTES - (uint32_t)ICMP_HEADER_BYTES);
	len = MIN(len, pkt_tailroom(error));
	memcpy(pkt_append(error, len), packet, len);
	csum_store(header + 2, csum_fold(csum_add(0, error->data, error->len)));
	return error;
}

static void unreachable(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	struct icmp *icmp = self;
	if (!is_answerable(meta)) {
		drop(p, COUNTER_AT(icmp->stats.forbidden));
		return;
	}
	if (!token_bucket_take(icmp->errors, now_us)) {
		drop(p, COUNTER_AT(icmp->stats.limited));
		return;
	}
	struct pkt *error = build_error(icmp, p, why);
	pkt_put(p);
	if (error == NULL) {
		COUNT(icmp->stats.error_failed);
		return;
	}
	const struct ip_meta answer = {.src = meta->dst, .dst = meta->src, .proto = IP_PROTO_ICMP};
	send(icmp, now_us, error, &answer, COUNTER_AT(icmp->stats.errors_out),
	     COUNTER_AT(icmp->stats.error_failed));
}

enum err icmp_init(struct icmp *icmp, struct ipv4 *ipv4, struct pkt_pool *tx)
{
	const struct token_bucket errors = TOKEN_BUCKET(ICMP_BURST, ICMP_REFILL_US);
	*icmp = (struct icmp){.ipv4 = ipv4, .tx = tx};
	enum err e = ip_bind(&ipv4->ip, IP_PROTO_ICMP, input, NULL, icmp);
	if (e == OK && !inet_is_minimal) {
		*icmp->errors = errors;
		ipv4_set_unreachable(ipv4, unreachable, icmp);
	}
	return e;
}
