/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "bench/instructions/lwip/own_http.h"
#include "bench/instructions/measure.h"
#include "bench/peers/lwip/port.h"
#include "bench/peers/lwip/server.h"
#include "runtime/console.h"
#include "runtime/start.h"
#include "unikernel.h"

int measure_lwip(struct timer *timer, struct netif *net, struct pkt_pool *tx, struct kv *pages,
		 unsigned load, uint32_t connections, uint32_t units, bool options)
{
	static const char name[] = "favicon.svg";
	static const struct lwip_address address = {0x0a00020f, 0xffffff00, 0x0a000202};
	const struct measure_run run = {load, connections, units, options};
	struct kv_value page;

	(void)timer; /* its event loop is what the stack runs in */

	if (load == MEASURE_MEMORY) {
		console_printf("conn_bytes %zu, tcp_bytes %zu, http_bytes 0\n",
			       server_connection_bytes(), server_connection_bytes());
		return STATUS_OK;
	}
	if (kv_get(pages, name, strlen(name), &page) != OK ||
	    lwip_port_start(net, tx, &address) != OK)
		stop_with_error("lwIP does not start");
	server_start(MEASURE_RAW_PORT, page.bytes.data, page.bytes.len);
	own_http_start();
	return measure(&run);
}
