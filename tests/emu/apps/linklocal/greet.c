/* SPDX-License-Identifier: ISC */
/* Serves one page. */
#include "net/http/http.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

static const uint8_t hello[] = "hello\n";

static enum err greet_client(void *arg, struct http_conn *conn, const struct http_request *request,
			     struct http_response *response)
{
	(void)arg, (void)conn, (void)request;
	response->content_type = "text/plain";
	response->body = SLICE_STATIC(hello, sizeof(hello) - 1);
	return OK;
}

int greet(struct http *http)
{
	static const struct http_route routes[] = {{.path = "/", .handler = greet_client}, {0}};

	http_set_routes(http, routes);
	boot_ready();
	fiber_park_forever();
}
