/* SPDX-License-Identifier: ISC */
#include "apps/web/web.h"

#include "base/assert.h"
#include "net/http/http_out.h"

/* --- text ------------------------------------------------------------------------------------ */

static void put_key(struct http_out *o, const char *key)
{
	http_put_text(o, "\"");
	http_put_text(o, key);
	http_put_text(o, "\":");
}

/* The values are names that the build chose: nothing in them needs an escape. */
static void put_name(struct http_out *o, const char *key, const char *value)
{
	if (value == NULL)
		return;
	put_key(o, key);
	http_put_text(o, "\"");
	http_put_text(o, value);
	http_put_text(o, "\",");
}

static SELDOM void put_number(struct http_out *o, const char *key, uint64_t value)
{
	put_key(o, key);
	http_put_number(o, value, 10);
	http_put_text(o, ",");
}

static void describe(const struct web *web, struct web_status *s)
{
	const struct web_inputs *in = &web->in;
	struct http_out o = {.at = s->text, .end = s->text + sizeof(s->text)};
	struct web_memory memory = {0};
	in->memory(&memory);
	http_put_text(&o, "{");
	put_name(&o, "board", in->board);
	put_name(&o, "arch", in->arch);
	put_name(&o, "version", in->version);
	put_number(&o, "uptime_us", in->now_us());
	if (in->idle_us != NULL)
		put_number(&o, "idle_us", in->idle_us());
	put_number(&o, "requests", web->stats->requests);
	put_number(&o, "connections", web->stats->connections);
	put_number(&o, "heap_used_bytes", memory.heap_used_bytes);
	put_number(&o, "heap_total_bytes", memory.heap_total_bytes);
	put_number(&o, "memory_peak_bytes", memory.peak_bytes);
	put_number(&o, "memory_bytes", memory.memory_bytes);
	o.at--; /* the last comma */
	http_put_text(&o, "}\n");
	assert(!o.full);
	s->len = (size_t)(o.at - s->text);
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

const struct web_status *web_describe(struct web *web)
{
	struct web_status *s = free_status(web);

	if (s == NULL)
		return &web->status[web->newest];
	describe(web, s);
	return s;
}

static enum err serve_status(void *arg, struct http_conn *conn, const struct http_request *request,
			     struct http_response *response)
{
	struct web *web = arg;
	(void)conn;
	if (request->method == HTTP_POST)
		return ERR_UNSUPPORTED;
	(void)web_describe(web);
	struct web_status *s = &web->status[web->newest];
	response->content_type = "application/json";
	response->cache_control = "no-store";
	response->body = (struct slice){(const uint8_t *)s->text, s->len, &s->ref};
	return OK;
}

/* --- routes ---------------------------------------------------------------------------------- */

/* The application's own reference stays. */
static void never_released(struct ref *ref)
{
	assert(ref == NULL);
}

void web_init(struct web *web, const struct web_inputs *in, const struct http_stats *stats)
{
	*web = (struct web){
		.in = *in,
		.stats = stats,
		.routes = {{.path = "/", .handler = http_serve_kv_gzip, .arg = in->pages},
			   {.path = "/status.json", .handler = serve_status, .arg = web}},
	};
	for (unsigned i = 0, n = 2; i < WEB_MORE_ROUTES_MAX; i++) {
		if (in->more[i].path != NULL)
			web->routes[n++] = in->more[i];
	}
	for (unsigned i = 0; i < WEB_STATUS_TEXTS; i++)
		web->status[i].ref = (struct ref){.count = 1, .release = never_released};
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
