/* SPDX-License-Identifier: ISC */
/* Tells whoever connects, or sends a datagram to port 7, at which address. */
#include <string.h>

#include "net/dhcp/dhcp.h"
#include "net/tcp/tcp.h"
#include "net/udp/udp.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { PORT = 7 };

static struct udp *udp;

static void tell_flow(void *arg, struct flow *f, uint64_t now_us)
{
	char text[INET_ADDR_CHARS];
	struct ip_addr local;
	uint16_t port;

	(void)arg;
	(void)now_us;
	tcp_local(f, &local, &port);
	(void)inet_format(&local, text);
	(void)!flow_write_copy(f, text, strlen(text));
	flow_close(f);
}

static void tell_peer(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		      const struct udp_peer *peer, const struct ip_addr *local)
{
	char text[INET_ADDR_CHARS];

	(void)inet_format(local, text);
	pkt_trim(p, 0);
	memcpy(pkt_append(p, (uint32_t)strlen(text)), text, strlen(text));
	if (udp_send(udp, s, now_us, p, peer, local) != OK)
		pkt_put(p);
}

int dual(struct tcp *tcp, struct udp *over, struct dhcp *dhcp)
{
	static struct udp_socket socket = {.port = PORT, .input = tell_peer};

	(void)dhcp;
	udp = over;
	if (tcp_listen(tcp, PORT, tell_flow, NULL) != OK || udp_open(udp, &socket) != OK)
		return STATUS_ERROR;
	boot_ready();
	fiber_park_forever();
}
