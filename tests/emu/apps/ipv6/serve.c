/* SPDX-License-Identifier: ISC */
/*
 * Prints its addresses and the name servers at each change. Echoes UDP at port 7, serves a large
 * page at /large, and tells at /received how many bytes were ever sent to it there.
 */
#include <stdio.h>

#include "net/http/http.h"
#include "net/ndp/servers.h"
#include "net/udp/udp.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

static struct udp *udp;
static struct ndp_servers *servers;
static uint8_t large[256 * 1024];

static void changed(struct ndp_watcher *w, struct ndp *ndp, uint64_t now_us)
{
	struct ip_addr server[NDP_SERVERS_MAX];
	char text[INET_ADDR_CHARS];
	unsigned n = ndp_servers_get(servers, server);

	(void)w;
	console_printf("[%lu ms] now", (unsigned long)(now_us / US_PER_MS));
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		const struct ndp_addr *a = &ndp->addr[i];
		if (a->state >= NDP_ADDR_OPTIMISTIC)
			console_printf(" %s/%u", inet_format_v6(&a->addr, text),
				       (unsigned)a->prefix_bits);
	}
	for (unsigned i = 0; i < n; i++)
		console_printf(" dns=%s", inet_format_v6(&server[i], text));
	for (unsigned i = 0; i < NDP_DOMAINS_MAX; i++) {
		if (servers->domain[i].until_us != 0)
			console_printf(" domain=%s", servers->domain[i].name);
	}
	console_printf("\n");
}

static void echo(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		 const struct ip_addr *local)
{
	if (udp_send(udp, s, now_us, p, peer, local) != OK)
		pkt_put(p);
}

static enum err serve_large(void *arg, struct http_conn *conn, const struct http_request *request,
			    struct http_response *response)
{
	(void)arg, (void)conn, (void)request;
	response->content_type = "application/octet-stream";
	response->body = SLICE_STATIC(large, sizeof(large));
	return OK;
}

static uint64_t received;

static enum err count_body(void *arg, struct http_conn *conn, struct slice bytes, bool last)
{
	(void)arg, (void)conn, (void)last;
	received += bytes.len;
	return OK;
}

static enum err serve_count(void *arg, struct http_conn *conn, const struct http_request *request,
			    struct http_response *response)
{
	static char text[24];

	(void)arg, (void)conn, (void)request;
	int len = snprintf(text, sizeof(text), "%lu\n", (unsigned long)received);
	response->content_type = "text/plain";
	response->body = SLICE_STATIC((const uint8_t *)text, (size_t)len);
	return OK;
}

int serve(struct http *http, struct udp *over, struct ndp *ndp, struct ndp_servers *from_routers)
{
	static const struct http_route routes[] = {
		{.path = "/large", .handler = serve_large},
		{.path = "/received", .handler = serve_count, .body = count_body},
		{0},
	};
	static struct ndp_watcher watcher = {.changed = changed};
	static struct udp_socket service = {.port = 7, .input = echo};

	udp = over;
	servers = from_routers;
	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (uint8_t)(i * 31 + i / 251);
	ndp_watch(ndp, &watcher);
	http_set_routes(http, routes);
	if (udp_open(udp, &service) != OK)
		return STATUS_ERROR;
	boot_ready();
	fiber_park_forever();
}
