/* SPDX-License-Identifier: ISC */
/* The job of the microcontroller's image whose network is lwIP. */
#include <string.h>

#include "bench/peers/lwip/server.h"
#include "bench/peers/micro/port.h"
#include "hal/kv.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { HTTP_PORT = 80 };

static const char page_name[] = "favicon.svg";

int lwip_serve(struct timer *timer, struct kv *pages, struct ipv4_prefix ipv4, uint32_t gateway)
{
	const struct micro_address address = {
		.addr = ipv4.addr,
		.mask = ipv4.bits == 0 ? 0 : UINT32_MAX << (32 - ipv4.bits),
		.gateway = gateway,
	};
	struct kv_value page;

	(void)timer; /* the event loop has it */
	if (kv_get(pages, page_name, strlen(page_name), &page) != OK)
		stop_with_error("there is no %s", page_name);
	enum err e = micro_port_start(&address);
	if (e != OK)
		stop_with_error("lwIP: %s", err_str(e));
	server_start(HTTP_PORT, page.bytes.data, page.bytes.len);
	boot_ready();
	fiber_park_forever();
}
