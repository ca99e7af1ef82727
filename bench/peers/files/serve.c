/* SPDX-License-Identifier: ISC */
#include "net/http_files/http_files.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

int serve(struct http *http, struct http_files *files)
{
	static struct http_route routes[2];

	routes[0] = (struct http_route)HTTP_FILES_ROUTE("/", files);
	http_set_routes(http, routes);
	boot_ready();
	fiber_park_forever();
}
