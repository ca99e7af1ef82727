/* SPDX-License-Identifier: ISC */
#include "tests/unit/http_files/rig.h"

#include <stdlib.h>

struct rig rig;
static void *http_memory, *files_memory;
static struct http_route routes[3];

static enum err submit(struct kv_queue *q, struct kv_request *r)
{
	(void)q;
	if (rig.lent == QUEUE)
		return ERR_AGAIN;
	rig.lent++;
	list_push_back(&rig.waiting, &r->node);
	return OK;
}

static void cancel(struct kv_queue *q, struct kv_request *r)
{
	(void)q;
	r->result = ERR_CANCELLED;
}

bool rig_call(void)
{
	if (list_empty(&rig.waiting) || rig.hangs)
		return false;
	struct kv_request *r = list_entry(list_pop_front(&rig.waiting), struct kv_request, node);
	rig.lent--;
	rig.calls++;
	bool cancelled = r->result == ERR_CANCELLED;
	r->result = OK;
	r->done(r, cancelled ? ERR_CANCELLED : r->call(r));
	return true;
}

static bool acknowledge(void)
{
	bool any = flow_fake_held(&rig.flow) > 0;

	if (any)
		flow_fake_ack(&rig.flow);
	return any;
}

void rig_run(void)
{
	bool more;

	do {
		more = flow_fake_poll(&rig.flow, rig.now_us);
		(void)http_poll(rig.http, rig.now_us);
		more |= rig_call();
		more |= acknowledge();
	} while (more);
	(void)http_poll(rig.http, rig.now_us);
}

int rig_set_up(void **state)
{
	static const struct kv_queue_ops ops = {submit, cancel};
	const struct http_files_config config = {
		.requests = PLACES, .piece_bytes = PIECE, .upload_bytes = UPLOAD_MAX};

	(void)state;
	memset(&rig, 0, sizeof(rig));
	rig.queue.ops = &ops;
	list_init(&rig.waiting);
	kv_memory_init(&rig.store, 65536);
	http_memory = malloc(http_memory_bytes(&http_config_default));
	files_memory = malloc(http_files_memory_bytes(&config));
	rig.http = http_init(http_memory, &http_config_default, NULL, 0, (struct waker){0});
	rig.files = http_files_init(files_memory, &config, &rig.queue);
	http_files_set_store(rig.files, &rig.store.rw.kv, &rig.store.rw);
	routes[0] = (struct http_route)HTTP_FILES_ROUTE("/", rig.files);
	routes[1] = (struct http_route)HTTP_FILES_UPLOAD_ROUTE("/", rig.files);
	http_set_routes(rig.http, routes);
	rig_open();
	return 0;
}

static void end_connection(void)
{
	if (!flow_fake_is_over(&rig.flow))
		flow_fake_eof(&rig.flow);
	rig_run();
	rig.now_us += 60 * 1000 * 1000ull;
	rig_run();
	assert_true(flow_fake_is_over(&rig.flow));
	flow_fake_fini(&rig.flow);
}

void rig_reopen(void)
{
	end_connection();
	rig_open();
}

/* Each place is free again: as many requests as there are places find one. */
static void assert_all_places_are_free(void)
{
	static struct flow_fake flows[PLACES];

	rig.hangs = true;
	for (unsigned i = 0; i < PLACES; i++) {
		flow_fake_init(&flows[i]);
		http_accept(rig.http, &flows[i].flow, rig.now_us);
		flow_fake_feed(&flows[i], GET("none", ""), strlen(GET("none", "")));
		while (flow_fake_poll(&flows[i], rig.now_us))
			;
	}
	assert_int_equal(rig.lent, PLACES);
	rig.hangs = false;
	for (unsigned i = 0; i < PLACES; i++)
		(void)rig_call();
	(void)http_poll(rig.http, rig.now_us);
	for (unsigned i = 0; i < PLACES; i++) {
		flow_fake_eof(&flows[i]);
		while (flow_fake_poll(&flows[i], rig.now_us))
			;
		flow_fake_fini(&flows[i]);
	}
}

int rig_tear_down(void **state)
{
	(void)state;
	rig.hangs = false;
	end_connection();
	kv_memory_break(&rig.store, 0, OK);
	assert_all_places_are_free();
	for (unsigned i = 0; i < KV_MEMORY_WRITERS; i++)
		assert_int_equal(rig.store.written[i].key_len, 0);
	kv_memory_fini(&rig.store);
	free(http_memory);
	free(files_memory);
	return 0;
}

void rig_open(void)
{
	flow_fake_init(&rig.flow);
	http_accept(rig.http, &rig.flow.flow, rig.now_us);
}

const char *rig_answer(void)
{
	static char text[8192];

	assert_true(rig.flow.out_bytes < sizeof(text));
	memcpy(text, rig.flow.out, rig.flow.out_bytes);
	text[rig.flow.out_bytes] = '\0';
	return text;
}

const char *rig_ask(const char *request)
{
	size_t before = rig.flow.out_bytes;

	flow_fake_feed(&rig.flow, request, strlen(request));
	rig_run();
	return rig_answer() + before;
}

void assert_begins(const char *answer, const char *with)
{
	if (strncmp(answer, with, strlen(with)) != 0)
		fail_msg("expected %s, found %s", with, answer);
}

const char *content(const char *answer)
{
	const char *end = strstr(answer, "\r\n\r\n");

	assert_non_null(end);
	return end + 4;
}
