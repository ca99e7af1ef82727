/* SPDX-License-Identifier: ISC */
#include "apps/web/web.h"

#include <stdio.h>

#include "base/assert.h"

/* --- text ------------------------------------------------------------------------------------ */

/* The names are those that the build chose: nothing in them needs an escape. */
static void describe(struct web *web, struct web_status *s)
{
	const struct web_inputs *in = &web->in;
	const struct web_memory *memory = &web->memory;

	in->memory(&web->memory);
	int n = snprintf(s->text, sizeof(s->text),
			 "{\"board\":\"%s\",\"arch\":\"%s\",\"uptime_us\":%ju,\"idle_us\":%ju,"
			 "\"requests\":%ju,\"connections\":%ju,\"heap_used_bytes\":%ju,"
			 "\"heap_total_bytes\":%ju,\"memory_peak_bytes\":%ju,"
			 "\"memory_bytes\":%ju}\n",
			 in->board, in->arch, (uintmax_t)in->now_us(), (uintmax_t)in->idle_us(),
			 (uintmax_t)web->stats->requests, (uintmax_t)web->stats->connections,
			 (uintmax_t)memory->heap_used_bytes, (uintmax_t)memory->heap_total_bytes,
			 (uintmax_t)memory->peak_bytes, (uintmax_t)memory->memory_bytes);
	assert(n < WEB_STATUS_BYTES);
	s->len = (size_t)n;
}

/* --- status ---------------------------------------------------------------------------------- */

/*
 * The next text that nobody sends any more, or NULL. Peers that do not acknowledge can hold all of
 * them, but no more than that: others then get the newest, a little old.
 */
static struct web_status *free_status(struct web *web)
{
	for (unsigned i = 1; i <= WEB_STATUS_TEXTS; i++) {
		unsigned at = (web->newest + i) % WEB_STATUS_TEXTS;
		if (web->status[at].ref.count == 1) {
			web->newest = at;
			return &web->status[at];
		}
	}
	return NULL;
}

struct web_status *web_describe(struct web *web)
{
	struct web_status *s = free_status(web);

	if (s == NULL)
		s = &web->status[web->newest];
	else
		describe(web, s);
	return s;
}

struct slice web_status_slice(struct web_status *s)
{
	return (struct slice){(const uint8_t *)s->text, s->len, &s->ref};
}

static enum err serve_status(void *arg, struct http_conn *conn, const struct http_request *request,
			     struct http_response *response)
{
	struct web *web = arg;
	(void)conn;
	if (request->method == HTTP_POST)
		return ERR_UNSUPPORTED;
	response->content_type = "application/json";
	response->cache_control = "no-store";
	response->body = web_status_slice(web_describe(web));
	return OK;
}

/* --- routes ---------------------------------------------------------------------------------- */

/* The application's own reference stays. */
static void never_released(struct ref *ref)
{
	assert(ref == NULL);
}

struct http_route *web_init(struct web *web, const struct web_inputs *in,
			    const struct http_stats *stats)
{
	*web = (struct web){
		.in = *in,
		.stats = stats,
		.routes = {{.path = "/", .handler = http_serve_kv_gzip, .arg = in->pages},
			   {.path = "/status.json", .handler = serve_status, .arg = web}},
	};
	for (unsigned i = 0; i < WEB_STATUS_TEXTS; i++)
		web->status[i].ref = (struct ref){.count = 1, .release = never_released};
	return web->routes + 2;
}

/* --- in a folder ----------------------------------------------------------------------------- */

/* The route has made sure that the path begins so. */
static enum err serve_moved(void *arg, struct http_conn *conn, const struct http_request *request,
			    struct http_response *response)
{
	struct http_request inside = *request;

	inside.path.at += sizeof(WEB_FOLDER) - 2;
	inside.path.len -= sizeof(WEB_FOLDER) - 2;
	return http_serve_kv_gzip(arg, conn, &inside, response);
}

unsigned web_move_pages(struct web *web, struct http_route routes[static WEB_ROUTES_MAX + 1])
{
	unsigned n = 0;

	for (const struct http_route *route = web->routes + 1; route->path != NULL; route++)
		routes[n++] = *route;
	routes[n++] = (struct http_route){
		.path = WEB_FOLDER, .handler = serve_moved, .arg = web->in.pages};
	routes[n++] = (struct http_route){
		.path = WEB_FOLDER "status.json", .handler = serve_status, .arg = web};
	return n;
}
