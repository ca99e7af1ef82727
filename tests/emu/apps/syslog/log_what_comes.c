/* SPDX-License-Identifier: ISC */
/* Each datagram to port 7 becomes a line of the log. */
#define LOG_MODULE "echo"
#include "base/log.h"
#include "net/udp/udp.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

static void input(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		  const struct ip_addr *local)
{
	(void)s;
	(void)now_us;
	(void)peer;
	(void)local;
	log_info("%.*s", (int)p->len, (const char *)p->data);
	pkt_put(p);
}

int log_what_comes(struct udp *udp)
{
	static struct udp_socket service = {.port = 7, .input = input};

	if (udp_open(udp, &service) != OK)
		return STATUS_ERROR;
	log_warn("a warning");
	log_error("an error");
	boot_ready();
	fiber_park_forever();
}
