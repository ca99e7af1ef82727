/* SPDX-License-Identifier: ISC */
/* The servers on Fata's stack: its own HTTP, and the same least ones that lwIP has. */
#include <string.h>

#include "bench/instructions/measure.h"
#include "bench/peers/fata/least.h"
#include "net/http/http.h"
#include "net/tcp/tcp_internal.h"
#include "runtime/console.h"
#include "runtime/start.h"
#include "unikernel.h"

/* --- memory ---------------------------------------------------------------------------------- */

/* What the pools of another thousand connections would take; what is shared by all is left out. */
static int tell_memory(void)
{
	enum { MANY = 1024 };
	struct tcp_config tcp = tcp_config_default;
	struct http_config http = http_config_default;

	http.header_buffers = 1;
	tcp.connections = MANY;
	http.connections = MANY;
	size_t tcp_less = tcp_memory_bytes(&tcp), http_less = http_memory_bytes(&http);
	tcp.connections = 2 * MANY;
	http.connections = 2 * MANY;
	console_printf("conn_bytes %zu, tcp_bytes %zu, http_bytes %zu\n", sizeof(struct tcp_conn),
		       (tcp_memory_bytes(&tcp) - tcp_less) / MANY,
		       (http_memory_bytes(&http) - http_less) / MANY);
	return STATUS_OK;
}

/* --- start ----------------------------------------------------------------------------------- */

int measure_fata(struct tcp *tcp, struct http *http, struct kv *pages, unsigned load,
		 uint32_t connections, uint32_t units, bool options)
{
	static struct http_route routes[2];
	static const char name[] = "favicon.svg";
	const struct measure_run run = {load, connections, units, options};
	struct kv_value page;

	if (load == MEASURE_MEMORY)
		return tell_memory();
	if (kv_get(pages, name, strlen(name), &page) != OK)
		stop_with_error("there is no %s", name);
	routes[0] = (struct http_route){.path = "/", .handler = http_serve_kv, .arg = pages};
	http_set_routes(http, routes);
	least_serve(tcp, MEASURE_RAW_PORT, page.bytes);
	return measure(&run);
}
