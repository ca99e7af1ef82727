/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_internal.h"

static bool route_matches(const struct http_route *route, size_t route_len, struct http_text path)
{
	bool below = route_len > 0 && route->path[route_len - 1] == '/';
	return (below ? path.len >= route_len : path.len == route_len) &&
	       memcmp(path.at, route->path, route_len) == 0;
}

/* The longest route that matches `path` among those after `last`: shorter, or later in the table.
 */
static const struct http_route *next_route(const struct http *h, struct http_text path,
					   const struct http_route *last)
{
	size_t last_len = last != NULL ? strlen(last->path) : SIZE_MAX, best_len = 0;
	const struct http_route *best = NULL;
	for (const struct http_route *route = h->routes; route->path != NULL; route++) {
		size_t len = strlen(route->path);
		bool after = len < last_len || (len == last_len && route > last);
		if (after && (best == NULL || len > best_len) && route_matches(route, len, path)) {
			best = route;
			best_len = len;
		}
	}
	return best;
}

static enum err ask_handlers(struct http_conn *c, struct http_response *response)
{
	const struct http_request *request = &c->head.request;
	for (;;) {
		*response = (struct http_response){.status = 200};
		enum err e = c->route->handler(c->route->arg, c, request, response);
		if (e != ERR_NOTFOUND || request->has_body)
			return e;
		const struct http_route *next = next_route(c->http, request->path, c->route);
		if (next == NULL)
			return ERR_NOTFOUND;
		c->route = next;
	}
}

enum http_step http_call_handler(struct http_conn *c)
{
	struct http_response response;
	switch (ask_handlers(c, &response)) {
	case OK:
		http_reply_begin(c, &response);
		return HTTP_ON;
	case ERR_AGAIN:
		c->told = true;
		c->state = HTTP_PENDING;
		http_timer_set(c, HTTP_TIMER_BODY);
		return HTTP_WAIT;
	case ERR_NOTFOUND:
		return http_conn_answer(c, 404);
	case ERR_UNSUPPORTED:
		return http_conn_answer(c, 405);
	default:
		return http_conn_answer(c, 500);
	}
}

enum http_step http_dispatch(struct http_conn *c)
{
	const struct http_request *request = &c->head.request;
	unsigned not_handled = (c->head.flags & HTTP_OPTIONS) != 0 ? 204 : 405;
	if (request->path.at[0] != '/')
		return http_conn_answer(c, not_handled); /* OPTIONS *, CONNECT host:port */
	c->route = next_route(c->http, request->path, NULL);
	if (c->route == NULL)
		return http_conn_answer(c, 404);
	if (request->method == HTTP_OTHER)
		return http_conn_answer(c, not_handled);
	return request->has_body ? http_body_begin(c) : http_call_handler(c);
}
