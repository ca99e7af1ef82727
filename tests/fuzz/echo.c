/* SPDX-License-Identifier: ISC */
#include "tests/fuzz/echo.h"

#include "base/assert.h"

enum { ECHO_PORT = 7 };

static void input(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		  const struct ip_addr *local)
{
	struct fuzz_echo *e = container_of(s, struct fuzz_echo, socket);
	const struct ip_addr *from = ip_addr_is_group(local) ? NULL : local;
	if (udp_send(e->udp, s, now_us, p, peer, from) != OK)
		pkt_put(p);
}

void fuzz_echo_open(struct fuzz_echo *e, struct udp *udp)
{
	*e = (struct fuzz_echo){.socket = {.port = ECHO_PORT, .input = input}, .udp = udp};
	enum err error = udp_open(udp, &e->socket);
	assert(error == OK);
}
