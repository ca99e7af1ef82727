/* SPDX-License-Identifier: ISC */
#include "net/http/http.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

int serve(struct http *http, struct kv *pages)
{
	static struct http_route routes[2];

	routes[0] = (struct http_route){.path = "/", .handler = http_serve_kv, .arg = pages};
	http_set_routes(http, routes);
	boot_ready();
	fiber_park_forever();
}
