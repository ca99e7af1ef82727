/* SPDX-License-Identifier: ISC */
/*
 * Whoever connects, or sends a datagram, is told which interface it has reached. One TCP and one
 * UDP serve both; what comes in by an interface is answered by it, and never forwarded.
 */
#include <stdio.h>
#include <string.h>

#include "net/tcp/tcp.h"
#include "net/udp/udp.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { LINE_BYTES = 64 };

static struct ip *outside_ip;
static struct udp *udp;

static size_t describe(const struct ip_addr *local, char line[static LINE_BYTES])
{
	const char *name = ip_owns(outside_ip, local) ? "outside" : "inside";

	return (size_t)snprintf(line, LINE_BYTES, "You are on %s.\n", name);
}

static void tell_flow(void *arg, struct flow *f, uint64_t now_us)
{
	char line[LINE_BYTES];
	struct ip_addr local;
	uint16_t port;

	(void)arg;
	(void)now_us;
	tcp_local(f, &local, &port);
	/* A new connection has room for a line; if not, the peer sees the end. */
	(void)!flow_write_copy(f, line, describe(&local, line));
	flow_close(f);
}

static void tell_peer(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		      const struct udp_peer *peer, const struct ip_addr *local)
{
	char line[LINE_BYTES];
	size_t n = describe(local, line);

	pkt_trim(p, 0);
	if (n <= pkt_tailroom(p)) {
		memcpy(pkt_append(p, (uint32_t)n), line, n);
		if (udp_send(udp, s, now_us, p, peer, local) == OK)
			return;
	}
	pkt_put(p);
}

int two_nics(struct ip *outside, struct tcp *tcp, struct udp *over, uint16_t port)
{
	static struct udp_socket socket = {.input = tell_peer};

	outside_ip = outside;
	udp = over;
	socket.port = port;
	enum err e = tcp_listen(tcp, port, tell_flow, NULL);
	if (e == OK)
		e = udp_open(udp, &socket);
	if (e != OK)
		stop_with_error("port %u: %s", (unsigned)port, err_str(e));
	boot_ready();
	fiber_park_forever();
}
