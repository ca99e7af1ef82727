/* SPDX-License-Identifier: ISC */
#include "net/ip/icmp_core.h"

#include <string.h>

#include "base/bytes.h"
#include "base/checksum.h"

enum {
	/* Of the packet that an error quotes: RFC 1812 section 4.3.2.3 allows 576 bytes in all, RFC
	 * 4443 section 2.4 (c) 1280. */
	QUOTE_V4_BYTES_MAX = 576 - 20 - ICMP_HEADER_BYTES,
	QUOTE_V6_BYTES_MAX = 1280 - 40 - ICMP_HEADER_BYTES,
};

/* --- checksums ------------------------------------------------------------------------------- */

/* Only ICMPv6 has a pseudo-header in it. */
static uint32_t sum_of(const struct pkt *p, const struct ip_meta *meta)
{
	uint32_t sum = inet_is_v4(&meta->dst) ? 0 : ip_pseudo_sum(meta, (uint32_t)pkt_bytes(p));
	return pkt_csum(sum, p);
}

bool icmp_is_intact(const struct pkt *p, const struct ip_meta *meta)
{
	return p->len >= ICMP_HEADER_BYTES && csum_is_intact(sum_of(p, meta));
}

void icmp_write_checksum(struct pkt *p, const struct ip_meta *meta)
{
	store_be16(p->data + 2, 0);
	csum_store(p->data + 2, csum_fold(sum_of(p, meta)));
}

/* --- answers --------------------------------------------------------------------------------- */

/* Sends p, and frees it if that cannot be. */
static void send(struct icmp *icmp, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		 uint32_t *sent, uint32_t *failed)
{
	if (ip_output(icmp->ip, now_us, p, meta) == OK)
		COUNT_AT(sent);
	else
		ip_drop(p, failed);
}

/* Those of IPv4 are not answered (net/icmp). */
static bool is_to_group(const struct ip_meta *meta)
{
	return INET_WORDS > 1 && meta->broadcast;
}

/* Back to the source, from where it was sent to. */
static struct ip_meta answer_to(const struct ip_meta *meta, uint8_t tos)
{
	return (struct ip_meta){
		.src = meta->dst,
		.dst = meta->src,
		.tos = tos,
		.proto = inet_is_v4(&meta->src) ? IP_PROTO_ICMP : IP_PROTO_ICMPV6,
	};
}

/* Of an answer to what was sent to a group: the address that suits (RFC 4443 section 2.2). False if
 * there is none. */
static bool find_source(struct icmp *icmp, struct ip_meta *answer)
{
	struct ip_route route;
	if (ip_route(icmp->ip, &answer->dst, &route) != OK)
		return false;
	answer->src = route.src;
	return true;
}

/*
 * The type changes, and the checksum by as much (RFC 1624 section 3, eqn. 3). That says 0 of a
 * message of nothing but zeros too, whose checksum is the other zero; for all others either will
 * do.
 */
static void turn_into_reply(struct pkt *p, uint8_t type)
{
	uint16_t old_field, old_word, new_word;
	memcpy(&old_field, p->data + 2, sizeof(old_field));
	memcpy(&old_word, p->data, sizeof(old_word));
	p->data[0] = type;
	memcpy(&new_word, p->data, sizeof(new_word));
	uint32_t sum = (uint32_t)(uint16_t)~old_field + (uint16_t)~old_word + new_word;
	uint16_t field = csum_fold(sum);
	csum_store(p->data + 2, field != 0 ? field : UINT16_MAX);
	p->flags = 0;
}

void icmp_echo(struct icmp *icmp, uint64_t now_us, struct pkt *p, const struct ip_meta *request,
	       uint8_t reply)
{
	bool to_group = is_to_group(request);
	if (to_group && !token_bucket_take(icmp->answers, now_us)) {
		ip_drop(p, COUNTER_AT(icmp->stats.limited));
		return;
	}
	turn_into_reply(p, reply); /* the headers that it came with left room for its new ones */
	/* With its DSCP; ECN is for transports (RFC 3168). */
	struct ip_meta meta = answer_to(request, request->tos & 0xfc);
	if (to_group && !find_source(icmp, &meta)) {
		ip_drop(p, COUNTER_AT(icmp->stats.echo_failed));
		return;
	}
	if (to_group)
		icmp_write_checksum(p, &meta);
	send(icmp, now_us, p, &meta, COUNTER_AT(icmp->stats.echo_replies),
	     COUNTER_AT(icmp->stats.echo_failed));
}

/* The bytes behind the error's header: by reference if that may be, else what fits. */
static void quote(struct pkt *error, struct pkt *p, bool by_reference, uint32_t max)
{
	uint8_t *packet = p->buf + p->l3;
	uint32_t len = (uint32_t)(p->data + p->len - packet);
	len = MIN(len, max);
	const struct slice all = {.data = packet, .len = len, .owner = &p->ref};
	if (by_reference && pkt_add_piece(error, all))
		return;
	len = MIN(len, pkt_tailroom(error));
	memcpy(pkt_append(error, len), packet, len);
}

void icmp_complain(struct icmp *icmp, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		   const struct icmp_complaint *c)
{
	struct ip_meta answer = answer_to(meta, 0);
	struct pkt *error = NULL;
	if (!token_bucket_take(icmp->answers, now_us)) {
		ip_drop(p, COUNTER_AT(icmp->stats.limited));
		return;
	}
	if (!is_to_group(meta) || find_source(icmp, &answer))
		error = pkt_alloc(icmp->tx, PKT_HEADROOM);
	if (error == NULL) {
		ip_drop(p, COUNTER_AT(icmp->stats.error_failed));
		return;
	}
	uint8_t *header = pkt_append(error, ICMP_HEADER_BYTES);
	header[0] = c->type;
	header[1] = c->code;
	store_be32(header + 4, c->word);
	quote(error, p, c->by_reference,
	      inet_is_v4(&meta->src) ? QUOTE_V4_BYTES_MAX : QUOTE_V6_BYTES_MAX);
	pkt_put(p);
	icmp_write_checksum(error, &answer);
	send(icmp, now_us, error, &answer, COUNTER_AT(icmp->stats.errors_out),
	     COUNTER_AT(icmp->stats.error_failed));
}
