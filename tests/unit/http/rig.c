/* SPDX-License-Identifier: ISC */
#include "tests/unit/http/rig.h"

#include <stdlib.h>

struct rig rig;
static void *memory;
static const char *exchange_name = "";
static size_t expected_bytes; /* of rig.flow's output that rig_expect() has seen */

/* --- routes ---------------------------------------------------------------------------------- */

static const struct {
	const char *key, *bytes, *media_type;
	uint64_t version;
} files[] = {
	{"index.html", INDEX_BODY, "text/html; charset=utf-8", 0xa1},
	{"a.css", "b{}", "text/css; charset=utf-8", 0xa2},
	{"docs/index.html", "docs", "text/html; charset=utf-8", 0xa3},
	{"a b.txt", "space", "text/plain; charset=utf-8", 0xa4},
	{"empty.bin", "", NULL, 0xa5},
	{"upload.txt", "not the route", "text/plain; charset=utf-8", 0xa6},
	{"gz/index.html", "long", "text/html; charset=utf-8", 0xc1},
	{"gz/index.html.gz", "short", "application/gzip", 0xc2},
	{"gz/plain.txt", "plain", "text/plain; charset=utf-8", 0xc3},
};

static enum err fake_kv_get(struct kv *kv, const char *key, size_t len, struct kv_value *out)
{
	(void)kv;
	rig.kv_calls++;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strlen(files[i].key) == len && memcmp(files[i].key, key, len) == 0) {
			out->bytes = SLICE_STATIC(files[i].bytes, strlen(files[i].bytes));
			out->version = files[i].version;
			out->media_type = files[i].media_type;
			return OK;
		}
	}
	return ERR_NOTFOUND;
}

static const struct kv_ops fake_kv_ops = {fake_kv_get, .constant = true};
static struct kv fake_kv = {&fake_kv_ops};
static const struct kv_ops changing_kv_ops = {fake_kv_get, .constant = false};

void rig_let_store_change(void)
{
	fake_kv.ops = &changing_kv_ops;
}

static enum err serve(void *arg, struct http_conn *conn, const struct http_request *request,
		      struct http_response *response)
{
	if (rig.handler_reads)
		assert_true(http_fields(conn).len > 0);
	return http_serve_kv(arg, conn, request, response);
}

/* A route that is not ready yet must be shown the same again. */
static bool is_ready(struct http_conn *conn, struct slice bytes)
{
	size_t n = rig.body_shown_bytes;

	if (!rig.body_asked) {
		n = MIN(bytes.len, sizeof(rig.body_shown));
		if (n > 0)
			memcpy(rig.body_shown, bytes.data, n);
		rig.body_shown_bytes = n;
		rig.pending = conn;
		rig.body_asked = true;
		return false;
	}
	assert_ptr_equal(conn, rig.pending);
	assert_true(bytes.len >= n);
	if (n > 0)
		assert_memory_equal(bytes.data, rig.body_shown, n);
	rig.pending = NULL;
	rig.body_asked = false;
	return true;
}

static enum err upload_body(void *arg, struct http_conn *conn, struct slice bytes, bool last)
{
	(void)arg;
	rig.body_calls++;
	if (rig.body_slow && !is_ready(conn, bytes))
		return ERR_AGAIN;
	rig.bodies_ended += last;
	if (bytes.len > 0 && memchr(bytes.data, '!', bytes.len) != NULL)
		return ERR_INVALID;
	assert_true(rig.body_bytes + bytes.len <= sizeof(rig.body));
	memcpy(rig.body + rig.body_bytes, bytes.data, bytes.len);
	rig.body_bytes += bytes.len;
	return OK;
}

/* Answers with what was uploaded, or GET with the path and query. */
static enum err upload(void *arg, struct http_conn *conn, const struct http_request *request,
		       struct http_response *response)
{
	static char text[512];
	(void)arg;
	(void)conn;
	rig.handler_calls++;
	if (request->has_body)
		snprintf(text, sizeof(text), "[%.*s]", (int)rig.body_bytes, rig.body);
	else
		snprintf(text, sizeof(text), "%.*s|%.*s", (int)request->path.len, request->path.at,
			 (int)request->query.len, request->query.at);
	rig.body_bytes = 0;
	response->body = SLICE_STATIC(text, strlen(text));
	return OK;
}

static enum err late(void *arg, struct http_conn *conn, const struct http_request *request,
		     struct http_response *response)
{
	(void)arg;
	(void)request;
	(void)response;
	rig.late_calls++;
	rig.pending = conn;
	return ERR_AGAIN;
}

static void gone(void *arg, struct http_conn *conn)
{
	(void)arg;
	assert_true(rig.pending == NULL || conn == rig.pending);
	rig.pending = NULL;
	rig.gone_calls++;
}

static void owner_release(struct ref *ref)
{
	(void)ref;
	fail_msg("the owner's own reference was dropped");
}

static enum err stream_next(struct http_source *s, uint64_t offset, struct slice *out)
{
	(void)s;
	size_t len = strlen(rig.stream);
	rig.stream_calls++;
	assert_true(offset <= len);
	if (offset == len)
		return rig.stream_end;
	if (rig.stream_slow && !rig.stream_asked) {
		rig.stream_asked = true;
		return ERR_AGAIN;
	}
	rig.stream_asked = false;
	*out = (struct slice){.data = (const uint8_t *)rig.stream + offset,
			      .len = MIN(rig.run_bytes, len - offset),
			      .owner = &rig.owner};
	return OK;
}

static void stream_done(struct http_source *s)
{
	(void)s;
	rig.sources_done++;
	rig.streaming = NULL;
}

static struct http_source stream_source = {stream_next, stream_done};

/* arg: not NULL if the length is to be known. */
static enum err stream(void *arg, struct http_conn *conn, const struct http_request *request,
		       struct http_response *response)
{
	(void)request;
	rig.streaming = conn;
	response->content_type = "text/plain";
	response->source = &stream_source;
	response->source_bytes = arg != NULL ? strlen(rig.stream) : HTTP_LENGTH_UNKNOWN;
	response->etag = 0xb1;
	response->cache_control = "no-store";
	return OK;
}

static enum err owned(void *arg, struct http_conn *conn, const struct http_request *request,
		      struct http_response *response)
{
	(void)arg;
	(void)conn;
	(void)request;
	response->content_type = "text/plain";
	response->body =
		(struct slice){(const uint8_t *)rig.stream, strlen(rig.stream), &rig.owner};
	return OK;
}

static enum err fails(void *arg, struct http_conn *conn, const struct http_request *request,
		      struct http_response *response)
{
	(void)conn;
	(void)request;
	(void)response;
	return *(const enum err *)arg;
}

static enum err teapot(void *arg, struct http_conn *conn, const struct http_request *request,
		       struct http_response *response)
{
	(void)arg;
	(void)conn;
	(void)request;
	response->status = 418;
	return OK;
}

static enum err closed_door(void *arg, struct http_conn *conn, const struct http_request *request,
			    struct http_response *response)
{
	(void)arg;
	(void)conn;
	(void)request;
	response->status = 401;
	response->fields = "WWW-Authenticate: Basic\r\nVary: *\r\n";
	return OK;
}

static enum err not_found = ERR_NOTFOUND, broken = ERR_IO;

static const struct http_route routes[] = {
	{"/", serve, NULL, &fake_kv, NULL, 0},
	{"/docs/", fails, NULL, &not_found, NULL, 0},
	{"/gz/", http_serve_kv_gzip, NULL, &fake_kv, NULL, 0},
	{"/closed", closed_door, NULL, NULL, NULL, 0},
	{"/upload", upload, upload_body, NULL, gone, 0},
	{"/show/", upload, upload_body, NULL, gone, 0},
	{"/late", late, upload_body, NULL, gone, 0},
	{"/stream", stream, NULL, NULL, NULL, 0},
	{"/sized", stream, NULL, &rig, NULL, 0},
	{"/owned", owned, NULL, NULL, NULL, 0},
	{"/broken", fails, NULL, &broken, NULL, 0},
	{"/teapot", teapot, NULL, NULL, NULL, 0},
	{"/twice", fails, NULL, &not_found, NULL, 0},
	{"/twice", teapot, NULL, NULL, NULL, 0},
	{"/item", teapot, NULL, NULL, NULL, 1 << HTTP_GET | 1 << HTTP_HEAD},
	{"/item", upload, upload_body, NULL, gone, 1 << HTTP_PUT | 1 << HTTP_PATCH},
	{"/item", closed_door, NULL, NULL, NULL, 1 << HTTP_DELETE},
	{"/drop", upload, upload_body, NULL, gone, 1 << HTTP_PUT},
	{NULL, NULL, NULL, NULL, NULL, 0},
};

/* --- the server ------------------------------------------------------------------------------ */

static void wake(void *arg)
{
	(void)arg;
	rig.wakes++;
}

static struct wall_clock wall;

/* What tests have that do not say otherwise. */
static struct http_config usual_config(void)
{
	struct http_config c = http_config_default;

#ifdef RIG_SMALLEST
	c.connections = 2;
	c.header_buffers = 1;
#endif
	return c;
}

void rig_start_without_routes(const struct http_config *config, uint64_t wall_s)
{
	const struct http_config usual = usual_config();

	config = config != NULL ? config : &usual;
	fake_kv.ops = &fake_kv_ops;
	rig = (struct rig){.now_us = 5 * SECOND,
			   .stream = "",
			   .run_bytes = SIZE_MAX,
			   .stream_end = ERR_EOF,
			   .owner = {1, owner_release}};
	wall = (struct wall_clock){.unix_us = wall_s * SECOND, .at_us = rig.now_us};
	memory = malloc(http_memory_bytes(config));
	assert_non_null(memory);
	rig.http = http_init(memory, config, &wall, rig.now_us, (struct waker){wake, NULL});
}

void rig_set_routes(void)
{
	http_set_routes(rig.http, routes);
}

void rig_start(const struct http_config *config, uint64_t wall_s)
{
	rig_start_without_routes(config, wall_s);
	rig_set_routes();
}

void rig_stop(void)
{
	assert_int_equal(rig.http->conns.used, 0);
	assert_int_equal(rig.http->buffers.used, 0);
	assert_int_equal(http_stats(rig.http)->connections, 0);
	assert_int_equal(rig.owner.count, 1);
	assert_true(http_poll(rig.http, rig.now_us) == UINT64_MAX);
	free(memory);
	memory = NULL;
}

void rig_open(struct flow_fake *f)
{
	flow_fake_init(f);
	if (f == &rig.flow)
		expected_bytes = 0;
	http_accept(rig.http, &f->flow, rig.now_us);
}

void rig_run(struct flow_fake *f)
{
	bool busy;
	do {
		unsigned wakes = rig.wakes;
		busy = flow_fake_poll(f, rig.now_us);
		if (rig.stream_asked && rig.streaming != NULL)
			http_wake(rig.streaming);
		if (rig.body_asked && !rig.body_stuck && rig.pending != NULL)
			http_wake(rig.pending);
		busy |= rig.wakes != wakes;
		busy |= http_poll(rig.http, rig.now_us) <= rig.now_us;
	} while (busy);
}

void rig_wait(uint64_t us)
{
	rig.now_us += us;
	http_poll(rig.http, rig.now_us);
}

void rig_send(const char *text)
{
	flow_fake_feed(&rig.flow, text, strlen(text));
	rig_run(&rig.flow);
}

void rig_expect(const char *text)
{
	size_t len = rig.flow.out_bytes - expected_bytes;
	const char *out = (const char *)rig.flow.out + expected_bytes;
	if (len != strlen(text) || (len > 0 && memcmp(out, text, len) != 0)) {
		print_error("%s\nwanted:\n%s\ngot:\n%.*s\n", exchange_name, text, (int)len,
			    len > 0 ? out : "");
		fail();
	}
	expected_bytes = rig.flow.out_bytes;
}

/* --- exchanges ------------------------------------------------------------------------------- */

/* One run: two parts, each in segments of `step` bytes, with `room` bytes to write at a time. */
static void exchange(const char *request, const char *response, size_t cut, size_t step,
		     size_t room)
{
	size_t len = strlen(request);
	rig_open(&rig.flow);
	if (room != SIZE_MAX)
		rig.flow.room = 0;
	for (unsigned part = 0; part < 2; part++) {
		size_t from = part == 0 ? 0 : cut, to = part == 0 ? cut : len;
		flow_fake_feed_split(&rig.flow, request + from, to - from, step);
		rig_run(&rig.flow);
		while (rig.flow.short_write && !flow_fake_is_over(&rig.flow)) {
			flow_fake_room(&rig.flow, room);
			rig_run(&rig.flow);
		}
	}
	rig_expect(response);
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	rig_expect("");
	flow_fake_fini(&rig.flow);
}

void rig_exchange(const char *name, const char *request, const char *response)
{
	size_t len = strlen(request);
	exchange_name = name;
	exchange(request, response, len, len, SIZE_MAX);
	exchange(request, response, len, 1, SIZE_MAX);
	for (size_t cut = 1; cut < len; cut++)
		exchange(request, response, cut, len, SIZE_MAX);
	for (size_t room = 1; room < strlen(response); room += 1 + room / 8) {
		exchange(request, response, len, len, room);
		exchange(request, response, len / 2, 7, room);
	}
	exchange_name = "";
}
