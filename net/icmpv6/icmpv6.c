/* SPDX-License-Identifier: ISC */
#include "net/icmpv6/icmpv6.h"

#include "base/bytes.h"
#include "hal/netif.h"
#include "net/icmpv6/icmpv6_quote.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "net/ipv6/ipv6_chain.h"

enum { MLD_FIRST = 130, MLD_LAST = 132, NDP_FIRST = 133, NDP_LAST = 137, MLD_V2_REPORT = 143 };

static void drop(struct pkt *p, uint32_t *counter)
{
	++*counter;
	pkt_put(p);
}

/* Sends p, and frees it if that cannot be. */
static void send(struct icmpv6 *icmpv6, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		 uint32_t *sent, uint32_t *failed)
{
	if (ip_output(&icmpv6->ipv6->ip, now_us, p, meta) == OK)
		++*sent;
	else
		drop(p, failed);
}

static void write_checksum(struct pkt *p, const struct ip_meta *meta)
{
	uint32_t pseudo_sum = ip_pseudo_sum(meta, (uint32_t)pkt_bytes(p));
	store_be16(p->data + 2, 0);
	csum_store(p->data + 2, csum_fold(pkt_csum(pseudo_sum, p)));
}

/*
 * The addresses of the answer to a packet: back to the source, from where it was sent to or, if
 * that is a group, from the address that suits (RFC 4443 section 2.2). False if there is none.
 */
static bool answer_to(struct icmpv6 *icmpv6, const struct ip_meta *meta, struct ip_meta *answer)
{
	struct ip_route route = {.src = meta->dst};
	*answer = (struct ip_meta){.dst = meta->src, .proto = IP_PROTO_ICMPV6};
	if (meta->broadcast && ip_route(&icmpv6->ipv6->ip, &meta->src, &route) != OK)
		return false;
	answer->src = route.src;
	return true;
}

/* --- echo (RFC 4443 section 4) --------------------------------------------------------------- */

/* The type changes from 128 to 129, and the checksum by as much (RFC 1624 section 3, eqn. 3). */
static void turn_into_reply(struct pkt *p)
{
	uint16_t old_field, old_word, new_word;
	memcpy(&old_field, p->data + 2, sizeof(old_field));
	memcpy(&old_word, p->data, sizeof(old_word));
	p->data[0] = ICMPV6_ECHO_REPLY;
	memcpy(&new_word, p->data, sizeof(new_word));
	uint32_t sum = (uint32_t)(uint16_t)~old_field + (uint16_t)~old_word + new_word;
	csum_store(p->data + 2, csum_fold(sum));
	p->flags = 0;
}

static void echo(struct icmpv6 *icmpv6, uint64_t now_us, struct pkt *p,
		 const struct ip_meta *request)
{
	struct ip_meta reply;
	icmpv6->stats.echo_requests++;
	if (request->broadcast && !token_bucket_take(&icmpv6->answers, now_us)) {
		drop(p, &icmpv6->stats.limited);
		return;
	}
	if (!answer_to(icmpv6, request, &reply)) {
		drop(p, &icmpv6->stats.echo_failed);
		return;
	}
	reply.tos = request->tos & 0xfc; /* its DSCP; ECN is for transports (RFC 3168) */
	turn_into_reply(p); /* the headers that it came with left room for its new ones */
	if (request->broadcast)
		write_checksum(p, &reply);
	send(icmpv6, now_us, p, &reply, &icmpv6->stats.echo_replies, &icmpv6->stats.echo_failed);
}

/* --- what comes in --------------------------------------------------------------------------- */

/*
 * RFC 8201 section 4, for who does not keep the path's MTU itself as TCP does, which can tell
 * whether it sent the packet. Here anybody can make datagrams go in pieces of 1280 bytes, no more.
 */
static void learn_mtu(struct icmpv6 *icmpv6, uint64_t now_us, const struct icmpv6_quote *q)
{
	struct ipv6 *ipv6 = icmpv6->ipv6;
	if (q->mtu != 0 && ipv6->cutter != NULL && q->meta.proto != IP_PROTO_TCP &&
	    ndp_owns(ipv6->ndp, &q->meta.src))
		ipv6->cutter->too_big(ipv6->cutter_self, now_us, &q->meta.dst, q->mtu);
}

static void error_input(struct icmpv6 *icmpv6, uint64_t now_us, struct pkt *p)
{
	struct icmpv6_quote q;
	if (!icmpv6_quote_parse(&q, p->data, p->len)) {
		drop(p, &icmpv6->stats.bad);
		return;
	}
	learn_mtu(icmpv6, now_us, &q);
	if (ndp_owns(icmpv6->ipv6->ndp, &q.meta.src) &&
	    ipv6_report_error(icmpv6->ipv6, now_us, &q.meta, q.transport, q.transport_bytes,
			      q.error, q.mtu))
		icmpv6->stats.errors_in++;
	else
		icmpv6->stats.not_ours++;
	pkt_put(p);
}

/* In one piece, without extension headers: of fragments none is believed (RFC 6980 section 5). */
static void ndp_message(struct icmpv6 *icmpv6, uint64_t now_us, struct pkt *p,
			const struct ip_meta *meta)
{
	if (p->l4 - p->l3 == IPV6_HEADER_BYTES && pkt_bytes(p) == p->len)
		ndp_input(icmpv6->ipv6->ndp, now_us, p->data, p->len, meta);
	else
		icmpv6->stats.bad++;
	pkt_put(p);
}

/* Whatever a device says: they check TCP and UDP, and an echo's checksum goes on into its reply. */
static bool is_intact(const struct pkt *p, const struct ip_meta *meta)
{
	uint32_t pseudo_sum = ip_pseudo_sum(meta, (uint32_t)pkt_bytes(p));
	return p->len >= ICMPV6_HEADER_BYTES && csum_is_intact(pkt_csum(pseudo_sum, p));
}

void icmpv6_set_listener(struct icmpv6 *icmpv6, ip_input_fn *input, void *self)
{
	icmpv6->listener = input;
	icmpv6->listener_self = self;
}

static bool is_of_listeners(uint8_t type)
{
	return (type >= MLD_FIRST && type <= MLD_LAST) || type == MLD_V2_REPORT;
}

static void input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct icmpv6 *icmpv6 = self;
	if (!is_intact(p, meta)) {
		drop(p, &icmpv6->stats.bad);
		return;
	}
	uint8_t type = p->data[0];
	if (type >= NDP_FIRST && type <= NDP_LAST)
		ndp_message(icmpv6, now_us, p, meta);
	else if (ipv6_addr_is_unspecified(&meta->src))
		drop(p, &icmpv6->stats.bad); /* nobody can be answered */
	else if (type == ICMPV6_ECHO)
		echo(icmpv6, now_us, p, meta);
	else if (type >= ICMPV6_UNREACHABLE && type <= ICMPV6_PARAMETER_PROBLEM && !meta->broadcast)
		error_input(icmpv6, now_us, p);
	else if (is_of_listeners(type) && icmpv6->listener != NULL)
		icmpv6->listener(icmpv6->listener_self, now_us, p, meta);
	else
		drop(p, &icmpv6->stats.ignored);
}

/* --- errors that go out ---------------------------------------------------------------------- */

/* What the packet holds behind its extension headers is itself an error, or a redirect. */
static bool is_about_an_error(const struct pkt *p)
{
	const uint8_t *packet = p->buf + p->l3;
	size_t len = (size_t)(p->data + p->len - packet), at;
	if (ipv6_chain_skip(packet, len, &at) != IP_PROTO_ICMPV6)
		return false;
	return at == len || packet[at] < ICMPV6_ERRORS_END || packet[at] == NDP_LAST;
}

/* RFC 4443 section 2.4 (e). Packets from a group have not come so far. */
static bool is_answerable(const struct pkt *p, const struct ip_meta *meta, bool to_groups)
{
	return (!meta->broadcast || to_groups) && !ipv6_addr_is_unspecified(&meta->src) &&
	       !is_about_an_error(p);
}

/* The bytes behind the error's header: by reference if that can be sent, else what fits. */
static void quote(const struct icmpv6 *icmpv6, struct pkt *error, struct pkt *p)
{
	uint8_t *packet = p->buf + p->l3;
	uint32_t len = (uint32_t)(p->data + p->len - packet);
	len = MIN(len, (uint32_t)IPV6_MTU_MIN - IPV6_HEADER_BYTES - ICMPV6_HEADER_BYTES);
	const struct slice all = {.data = packet, .len = len, .owner = &p->ref};
	if ((icmpv6->ipv6->eth->netif->features & NETIF_SG) != 0 && pkt_add_piece(error, all))
		return;
	len = MIN(len, pkt_tailroom(error));
	memcpy(pkt_append(error, len), packet, len);
}

struct complaint {
	uint8_t type, code;
	uint32_t word; /* the second one of the header */
};

/* Is given p. */
static void complain(struct icmpv6 *icmpv6, uint64_t now_us, struct pkt *p,
		     const struct ip_meta *meta, const struct complaint *c)
{
	struct ip_meta answer;
	struct pkt *error = NULL;
	if (answer_to(icmpv6, meta, &answer))
		error = pkt_alloc(icmpv6->tx, PKT_HEADROOM);
	if (error == NULL) {
		drop(p, &icmpv6->stats.error_failed);
		return;
	}
	uint8_t *header = pkt_append(error, ICMPV6_HEADER_BYTES);
	header[0] = c->type;
	header[1] = c->code;
	store_be32(header + 4, c->word);
	quote(icmpv6, error, p);
	pkt_put(p);
	write_checksum(error, &answer);
	send(icmpv6, now_us, error, &answer, &icmpv6->stats.errors_out,
	     &icmpv6->stats.error_failed);
}

/* Is given p. */
static void complain_if_allowed(struct icmpv6 *icmpv6, uint64_t now_us, struct pkt *p,
				const struct ip_meta *meta, const struct complaint *c,
				bool to_groups)
{
	if (!is_answerable(p, meta, to_groups))
		drop(p, &icmpv6->stats.forbidden);
	else if (!token_bucket_take(&icmpv6->answers, now_us))
		drop(p, &icmpv6->stats.limited);
	else
		complain(icmpv6, now_us, p, meta, c);
}

/* Where the chain of headers names a protocol that is not there. */
static uint32_t next_header_at(const struct pkt *p)
{
	struct ipv6_chain c;
	enum ipv6_verdict verdict =
		ipv6_chain_walk(&c, p->buf + p->l3, (size_t)p->l4 - (size_t)p->l3);
	return verdict == IPV6_ACCEPT ? c.next_at : IPV6_NEXT_HEADER_AT;
}

static void unreachable(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	struct complaint c = {ICMPV6_UNREACHABLE, ICMPV6_CODE_PORT, 0};
	if (why == IP_UNREACHABLE_PROTOCOL)
		c = (struct complaint){ICMPV6_PARAMETER_PROBLEM, IPV6_PROBLEM_NEXT_HEADER,
				       next_header_at(p)};
	else if (why == IP_REASSEMBLY_TIMEOUT)
		c = (struct complaint){ICMPV6_TIME_EXCEEDED, ICMPV6_CODE_REASSEMBLY, 0};
	complain_if_allowed(self, now_us, p, meta, &c, false);
}

static void problem(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		    uint8_t code, uint32_t at, bool to_groups)
{
	const struct complaint c = {ICMPV6_PARAMETER_PROBLEM, code, at};
	complain_if_allowed(self, now_us, p, meta, &c, to_groups);
}

enum err icmpv6_init(struct icmpv6 *icmpv6, struct ipv6 *ipv6, struct pkt_pool *tx)
{
	static const struct ipv6_errors errors = {.unreachable = unreachable, .problem = problem};
	*icmpv6 = (struct icmpv6){
		.ipv6 = ipv6, .tx = tx, .answers = TOKEN_BUCKET(ICMPV6_BURST, ICMPV6_REFILL_US)};
	enum err e = ip_bind(&ipv6->ip, IP_PROTO_ICMPV6, input, NULL, icmpv6);
	if (e == OK)
		ipv6_set_errors(ipv6, &errors, icmpv6);
	return e;
}
