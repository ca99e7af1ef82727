/* SPDX-License-Identifier: ISC */
/* An HTTP server that says how many are connected. */
#include <stdio.h>

#include "net/http/http.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

static struct http *server;

static enum err count(void *arg, struct http_conn *conn, const struct http_request *request,
		      struct http_response *response)
{
	/* Copied or sent before the next request is looked at: it changes rarely and grows. */
	static char text[16];

	(void)arg;
	(void)conn;
	(void)request;
	int len = snprintf(text, sizeof(text), "%5u\n", (unsigned)http_stats(server)->connections);
	response->body = (struct slice)SLICE_STATIC(text, (size_t)len);
	response->content_type = "text/plain";
	return OK;
}

static const struct http_route routes[] = {
	{.path = "/", .handler = count},
	{0},
};

int serve(struct http *http)
{
	server = http;
	http_set_routes(http, routes);
	boot_ready();
	fiber_park_forever();
}
