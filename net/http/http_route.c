/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_internal.h"

/* The length of the route's path if it matches `path`, else 0; "" matches nothing. */
static size_t match_length(const char *route, struct http_text path)
{
	size_t len = http_text_begins(path, route);
	return len == path.len || (len > 0 && route[len - 1] == '/') ? len : 0;
}

/* The longest route that matches the path among those after `last`: shorter, or later in the table.
 */
static const struct http_route *next_route(const struct http_conn *c, const struct http_route *last)
{
	size_t last_len = last != NULL ? strlen(last->path) : SIZE_MAX, best_len = 0;
	const struct http_route *best = NULL;
	for (const struct http_route *route = c->http->routes; route->path != NULL; route++) {
		size_t len = match_length(route->path, c->head.request.path);
		bool after = len < last_len || (len == last_len && route > last);
		if (after && len > best_len) {
			best = route;
			best_len = len;
		}
	}
	return best;
}

/* A route that says nothing is for all that there was when none could say anything. */
static bool is_for(const struct http_route *route, enum http_method method)
{
	unsigned methods = route->methods;
	if (methods == 0)
		methods = 1u << HTTP_GET | 1u << HTTP_HEAD | 1u << HTTP_POST;
	return (methods >> method & 1) != 0;
}

unsigned http_allowed_methods(const struct http *h, const struct http_route *found)
{
	unsigned methods = 0;
	if (found == NULL)
		return 1u << HTTP_GET | 1u << HTTP_HEAD;
	for (const struct http_route *route = h->routes; route->path != NULL; route++) {
		if (strcmp(route->path, found->path) != 0)
			continue;
		if (route->methods != 0)
			methods |= route->methods;
		else
			methods |= 1u << HTTP_GET | 1u << HTTP_HEAD |
				   (unsigned)(route->body != NULL) << HTTP_POST;
	}
	return methods;
}

/* The next route that matches and is for the method; of the same path as `same`, if not NULL. */
static const struct http_route *next_for_method(const struct http_conn *c,
						const struct http_route *last,
						const struct http_route *same)
{
	const struct http_route *route = last;
	while ((route = next_route(c, route)) != NULL) {
		if (same != NULL && strcmp(route->path, same->path) != 0)
			return NULL;
		if (is_for(route, c->head.request.method))
			return route;
	}
	return NULL;
}

static enum err ask_handlers(struct http_conn *c, struct http_response *response)
{
	const struct http_request *request = &c->head.request;
	for (bool first = true;; first = false) {
		*response = (struct http_response){.status = 200};
		enum err e = c->route->handler(c->route->arg, c, request, response);
		response->constant &= first; /* another time the first may have found it */
		if (e != ERR_NOTFOUND || request->has_body)
			return e;
		const struct http_route *next = next_for_method(c, c->route, NULL);
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
		c->reply.waited = false;
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
	c->route = next_route(c, NULL);
	if (c->route == NULL)
		return http_conn_answer(c, 404);
	const struct http_route *route = c->route;
	if (request->method != HTTP_OTHER && !is_for(route, request->method))
		route = next_for_method(c, route, route);
	if (request->method == HTTP_OTHER || route == NULL)
		return http_conn_answer(c, not_handled);
	c->route = route;
	if (!request->has_body)
		return http_call_handler(c);
	/* A body of GET or HEAD has no meaning, and may be an attack (RFC 9110 section 9.3.1). */
	if (!http_parts.bodies || route->body == NULL)
		return http_conn_answer(c, request->method <= HTTP_HEAD ? 400 : 405);
	return http_body_begin(c);
}
