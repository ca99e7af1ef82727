/* SPDX-License-Identifier: ISC */
/*
 * ICMP errors about segments of ours (section 3.9.2.2). Anybody can send one: what it quotes must
 * be in flight (RFC 5927 section 4.1), and an established connection is never ended by it
 * (RFC 5461 section 4, RFC 5927 section 5.2).
 */
#include "base/bytes.h"
#include "net/tcp/input.h"
#include "net/tcp/tcp_internal.h"

enum { PATH_MTU_MIN_V6 = 1280 };

/* RFC 1191 section 3, RFC 8201 section 4: smaller segments from now on, and the lost ones again. */
static void lower_mtu(struct tcp_conn *c, uint16_t mtu)
{
	bool v4 = inet_is_v4(&c->ep.tuple.remote);

	mtu = MAX(mtu, (uint16_t)(v4 ? TCP_PATH_MTU_MIN : PATH_MTU_MIN_V6));
	if (tcp_parts.mtu_probing &&
	    c->mtu_high != TCP_MTU_WAITS) /* a probe was too large (RFC 8899 section 4.6.2) */
		c->mtu_high = MIN(c->mtu_high, mtu);
	if (mtu >= c->path_mtu)
		return;
	c->path_mtu = mtu;
	tcp_conn_set_mss(c);
	if (c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED)
		return;
	if (tcp_parts.mtu_probing && c->tcp->config->mtu_probing)
		tcp_plpmtud_lowered(c);
	if (conn_has_board(c))
		tcp_board_free(c);
	c->cc.recovery = false; /* this sends again what it was about to */
	tcp_send_rewind(c);
	tcp_conn_pend(c);
}

static void conn_error(struct tcp_conn *c, uint32_t seq, enum err error, uint16_t mtu)
{
	if (seq_lt(seq, c->snd.una) || seq_ge(seq, c->snd.max))
		return;
	if (mtu != 0)
		lower_mtu(c, mtu);
	else if (c->state == TCP_SYN_SENT && error == ERR_REFUSED)
		tcp_conn_end(c, error); /* port or protocol unreachable: there is nobody */
	else
		c->soft_error = (int8_t)error; /* told to the user if the connection times out */
}

void tcp_error(void *self, uint64_t now_us, const struct ip_meta *meta, const uint8_t *transport,
	       uint32_t len, enum err error, uint16_t mtu)
{
	struct tcp *tcp = self;

	(void)now_us;
	if (len < 8)
		return;
	uint32_t ports = load_be32(transport), hash; /* as we wrote them: the other way round */
	struct tcp_endpoint *ep =
		tcp_table_find(tcp, &meta->src, &meta->dst, ports << 16 | ports >> 16, &hash);
	if (ep != NULL && ep->kind == TCP_CONN)
		conn_error(conn_of(ep), load_be32(transport + 4), error, mtu);
}
