/* SPDX-License-Identifier: ISC */
/*
 * A datagram "join 239.1.2.3" or "leave 239.1.2.3" to port 7 is answered by "OK" or the error. What
 * arrives at port 5007 for a group that was joined is sent back to its sender.
 */
#include <string.h>

#include "net/udp/udp.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { CONTROL_PORT = 7, GROUP_PORT = 5007, ORDER_BYTES = 64 };

static struct udp *udp;

static void answer(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		   const struct udp_peer *peer, const struct ip_addr *local)
{
	(void)local;
	if (udp_send(udp, s, now_us, p, peer, NULL) != OK)
		pkt_put(p);
}

static struct udp_socket member = {.port = GROUP_PORT, .input = answer};

static enum err obey(uint64_t now_us, const char *order)
{
	const char *space = strchr(order, ' ');
	struct ip_addr group;
	uint32_t v4;

	if (space == NULL)
		return ERR_INVALID;
	if (inet_parse_v4(space + 1, &v4) == OK)
		group = ip_addr_from_v4(v4);
	else if (inet_parse_v6(space + 1, &group) != OK)
		return ERR_INVALID;
	if (order[0] == 'j')
		return udp_join(udp, &member, now_us, &group);
	udp_leave(udp, &member, now_us, &group);
	return OK;
}

static void control(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		    const struct udp_peer *peer, const struct ip_addr *local)
{
	char order[ORDER_BYTES];
	uint32_t n = MIN(p->len, (uint32_t)sizeof(order) - 1);

	(void)local;
	memcpy(order, p->data, n);
	order[n] = '\0';
	enum err e = obey(now_us, order);
	const char *said = e == OK ? "OK" : err_str(e);
	pkt_trim(p, 0);
	memcpy(pkt_append(p, (uint32_t)strlen(said)), said, strlen(said));
	answer(s, now_us, p, peer, NULL);
}

int groups(struct udp *over)
{
	static struct udp_socket orders = {.port = CONTROL_PORT, .input = control};

	udp = over;
	if (udp_open(udp, &orders) != OK || udp_open(udp, &member) != OK)
		return STATUS_ERROR;
	boot_ready();
	fiber_park_forever();
}
