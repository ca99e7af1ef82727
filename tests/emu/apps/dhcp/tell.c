/* SPDX-License-Identifier: ISC */
/*
 * Prints each lease, with all that came with it, and each loss of one. Echoes UDP at port 7.
 */
#include "net/dhcp/dhcp.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

static void print_addrs(const char *what, const struct dhcp_addrs *addrs)
{
	char text[INET_V4_CHARS];

	for (unsigned i = 0; i < addrs->n; i++)
		console_printf(" %s=%s", what, inet_format_v4(addrs->addr[i], text));
}

static void changed(struct dhcp_watcher *w, struct dhcp *dhcp, uint64_t now_us)
{
	const struct dhcp_lease *lease = dhcp_lease(dhcp);
	char text[INET_V4_CHARS];

	(void)w;
	console_printf("[%lu ms] ", (unsigned long)(now_us / US_PER_MS));
	if (lease == NULL) {
		console_printf("no lease\n");
		return;
	}
	console_printf("lease %u of %s", (unsigned)(dhcp->stats.leases + dhcp->stats.renewals),
		       inet_format_v4(lease->prefix.addr, text));
	print_addrs("dns", &lease->dns);
	print_addrs("ntp", &lease->ntp);
	console_printf(" domain=%s\n", lease->domain);
}

static struct udp *udp;

static void echo(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		 const struct ip_addr *local)
{
	if (udp_send(udp, s, now_us, p, peer, local) != OK)
		pkt_put(p);
}

int tell(struct dhcp *dhcp, struct udp *over)
{
	static struct dhcp_watcher watcher = {.changed = changed};
	static struct udp_socket service = {.port = 7, .input = echo};

	udp = over;
	dhcp_watch(dhcp, &watcher);
	if (udp_open(udp, &service) != OK)
		return STATUS_ERROR;
	boot_ready();
	fiber_park_forever();
}
