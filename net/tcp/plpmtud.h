/* SPDX-License-Identifier: ISC */
/*
 * Path MTU discovery by what arrives (RFC 4821, RFC 8899), for paths that swallow full segments and
 * send no ICMP error, or one that is lost.
 *
 * It is a part that an image may leave out: struct tcp_parts says so.
 * It begins when full segments time out again and again: they become smaller at once, and what the
 * path bears is searched for upwards, by segments of data that are larger than others. Until then
 * a connection sends what the interface bears, which nearly always arrives.
 */
#ifndef NET_TCP_PLPMTUD_H
#define NET_TCP_PLPMTUD_H

#include <stdint.h>

#include "base/err.h"

struct tcp_conn;

/* A value of mtu_high: no size is to be tried before it is time to search again. */
enum { TCP_MTU_WAITS = UINT16_MAX };

/* The retransmission timer ran out. */
void tcp_plpmtud_timed_out(struct tcp_conn *c);
/* Sends a probe if it is time for one. */
enum err tcp_plpmtud_output(struct tcp_conn *c, uint64_t now_us);
/* The probe in flight was acknowledged without having been sent again. */
void tcp_plpmtud_arrived(struct tcp_conn *c);
/* Bytes from `seq` to `end` were sent again while a probe is in flight. */
void tcp_plpmtud_resent(struct tcp_conn *c, uint32_t seq, uint32_t end);
/* ICMP has lowered the path's MTU. */
void tcp_plpmtud_lowered(struct tcp_conn *c);

#endif
