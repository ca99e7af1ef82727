/* SPDX-License-Identifier: ISC */
/* The web application's routes behind a server and a fake flow. */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/web/web.h"
#include "tests/fakes/flow_fake.h"

enum { FLOWS = WEB_STATUS_TEXTS + 2 };

static uint64_t now_us, idle_us;

static uint64_t get_now(void)
{
	return now_us;
}

static uint64_t get_idle(void)
{
	return idle_us;
}

static void get_memory(struct web_memory *out)
{
	*out = (struct web_memory){1000, 2000, 1500, UINT64_MAX};
}

static enum err no_pages(struct kv *kv, const char *key, size_t len, struct kv_value *out)
{
	(void)kv;
	(void)key;
	(void)len;
	(void)out;
	return ERR_NOTFOUND;
}

static const struct kv_ops no_pages_ops = {.get = no_pages};
static struct kv pages = {&no_pages_ops};

static struct web web;
static struct http *http;

static enum err say_more(void *arg, struct http_conn *conn, const struct http_request *request,
			 struct http_response *response)
{
	(void)conn;
	(void)request;
	response->body = SLICE_STATIC(arg, strlen(arg));
	return OK;
}

static char more[] = "more of it";
static const char *const more_paths[] = {"/a", "/b", "/c", NULL};

static void start(void)
{
	const struct web_inputs in = {.pages = &pages,
				      .board = "a-board",
				      .arch = "an-arch",
				      .now_us = get_now,
				      .idle_us = get_idle,
				      .memory = get_memory};
	void *memory = malloc(http_memory_bytes(&http_config_default));
	assert_non_null(memory);
	now_us = 1;
	idle_us = 0;
	http = http_init(memory, &http_config_default, NULL, now_us, (struct waker){0});
	struct http_route *next = web_init(&web, &in, http_stats(http));
	for (const char *const *path = more_paths; *path != NULL; path++)
		*next++ = (struct http_route){.path = *path, .handler = say_more, .arg = more};
	assert_true(next <= web.routes + WEB_ROUTES_MAX);
	http_set_routes(http, web.routes);
}

static void open_flow(struct flow_fake *f)
{
	flow_fake_init(f);
	http_accept(http, &f->flow, now_us);
}

static void close_flow(struct flow_fake *f)
{
	flow_fake_eof(f);
	flow_fake_poll(f, now_us);
	flow_fake_fini(f);
}

static void ask(struct flow_fake *f, const char *what)
{
	char text[128];
	snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: a\r\n\r\n", what);
	flow_fake_feed(f, text, strlen(text));
	flow_fake_poll(f, now_us);
}

static bool answered(const struct flow_fake *f, const char *text)
{
	return f->out_bytes > 0 && memmem(f->out, f->out_bytes, text, strlen(text)) != NULL;
}

static void status_is_complete_and_not_stored(void **state)
{
	struct flow_fake f;
	(void)state;
	start();
	open_flow(&f);
	now_us = 123;
	idle_us = 100;
	ask(&f, "GET /status.json");
	static const char wanted[] =
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 204\r\n"
		"Cache-Control: no-store\r\n\r\n"
		"{\"board\":\"a-board\",\"arch\":\"an-arch\",\"uptime_us\":123,\"idle_us\":100,"
		"\"requests\":1,\"connections\":1,\"heap_used_bytes\":1000,"
		"\"heap_total_bytes\":2000,\"memory_peak_bytes\":1500,\"memory_bytes\":18446744073709551615}\n";
	assert_int_equal(f.out_bytes, strlen(wanted));
	assert_memory_equal(f.out, wanted, strlen(wanted));
	close_flow(&f);
	free(http);
}

static void further_routes_are_served(void **state)
{
	static const char *const paths[] = {"GET /a", "GET /b", "GET /c"};
	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct flow_fake f;
		open_flow(&f);
		ask(&f, paths[i]);
		assert_true(answered(&f, more));
		close_flow(&f);
	}
	free(http);
}

/* What a WebSocket is told: the copy leaves the text free for the next. */
static void it_describes_itself_as_often_as_asked(void **state)
{
	(void)state;
	start();
	for (unsigned i = 0; i < 3 * WEB_STATUS_TEXTS; i++) {
		char wanted[40];
		now_us = 1000 + i;
		snprintf(wanted, sizeof(wanted), "\"uptime_us\":%u,", 1000 + i);
		const struct slice s = web_status_slice(web_describe(&web));
		assert_non_null(memmem(s.data, s.len, wanted, strlen(wanted)));
		assert_memory_equal(s.data + s.len - 2, "}\n", 2);
	}
	free(http);
}

static void other_paths_and_methods(void **state)
{
	static const struct {
		const char *what, *answer;
	} table[] = {
		{"POST /status.json", "HTTP/1.1 405 "},
		{"HEAD /status.json", "HTTP/1.1 200 "},
		{"GET /status.json/", "HTTP/1.1 404 "},
		{"GET /", "HTTP/1.1 404 "},
	};
	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct flow_fake f;
		open_flow(&f);
		ask(&f, table[i].what);
		assert_true(answered(&f, table[i].answer));
		close_flow(&f);
	}
	for (unsigned i = 0; i < WEB_STATUS_TEXTS; i++)
		assert_int_equal(web.status[i].ref.count, 1);
	free(http);
}

/* Peers that never acknowledge take all texts: the answer is then an old one, but one. */
static void texts_in_flight_do_not_change(void **state)
{
	static struct flow_fake flows[FLOWS];
	char wanted[64];
	(void)state;
	start();
	for (unsigned i = 0; i < FLOWS; i++)
		open_flow(&flows[i]);
	for (unsigned i = 0; i < FLOWS; i++) {
		now_us = 1000 + i;
		ask(&flows[i], "GET /status.json");
	}
	for (unsigned i = 0; i < FLOWS; i++) {
		snprintf(wanted, sizeof(wanted), "\"uptime_us\":%u,",
			 1000 + MIN(i, WEB_STATUS_TEXTS - 1u));
		assert_true(answered(&flows[i], wanted));
	}
	for (unsigned i = 0; i < WEB_STATUS_TEXTS; i++) { /* nothing was written over */
		snprintf(wanted, sizeof(wanted), "\"uptime_us\":%u,", 1000 + i);
		assert_non_null(strstr(web.status[(1 + i) % WEB_STATUS_TEXTS].text, wanted));
	}
	for (unsigned i = 0; i < FLOWS; i++)
		flow_fake_ack(&flows[i]);
	now_us = 5000;
	ask(&flows[0], "GET /status.json");
	assert_true(answered(&flows[0], "\"uptime_us\":5000,"));
	for (unsigned i = 0; i < FLOWS; i++)
		close_flow(&flows[i]);
	free(http);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_is_complete_and_not_stored),
		cmocka_unit_test(further_routes_are_served),
		cmocka_unit_test(it_describes_itself_as_often_as_asked),
		cmocka_unit_test(other_paths_and_methods),
		cmocka_unit_test(texts_in_flight_do_not_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
