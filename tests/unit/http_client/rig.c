/* SPDX-License-Identifier: ISC */
#include "tests/unit/http_client/rig.h"

#include <stdlib.h>

#include "hal/timer.h"
#include "net/http_client/http_client_internal.h"

struct rig rig;

static enum err start(struct connector *c, struct connector_request *request, const char *host,
		      uint16_t port, uint64_t now_us)
{
	assert_ptr_equal(c, &rig.connector);
	assert_int_equal(now_us, rig.now_us);
	if (rig.connect_error != OK)
		return rig.connect_error;
	assert_null(rig.connecting);
	rig.connecting = request;
	rig.connects++;
	rig.port = port;
	assert_true(strlen(host) < sizeof(rig.host));
	strcpy(rig.host, host);
	return OK;
}

static void cancel(struct connector *c, struct connector_request *request)
{
	assert_ptr_equal(c, &rig.connector);
	assert_ptr_equal(request, rig.connecting);
	rig.connecting = NULL;
	rig.cancels++;
}

static void count_wake(void *arg)
{
	(void)arg;
	rig.wakes++;
}

void rig_setup_with(const struct http_client_config *config)
{
	static const struct connector_ops ops = {.start = start, .cancel = cancel};

	free(rig.memory);
	memset(&rig, 0, sizeof(rig));
	rig.now_us = SECOND;
	rig.connector.ops = &ops;
	rig.memory = malloc(http_client_memory_bytes(config));
	assert_non_null(rig.memory);
	rig.client = http_client_init(rig.memory, config, &rig.connector, (struct waker){0});
}

int rig_setup(void **state)
{
	struct http_client_config config = http_client_config_default;

	(void)state;
	config.connections = 2;
	rig_setup_with(&config);
	return 0;
}

int rig_teardown(void **state)
{
	(void)state;
	rig_wait(60 * SECOND); /* idle connections are closed */
	assert_int_equal(rig.client->links.used, 0);
	assert_true(list_empty(&rig.client->queue));
	assert_null(rig.connecting);
	for (unsigned i = 0; i < rig.flows; i++)
		flow_fake_fini(&rig.flow[i]);
	free(rig.memory);
	rig.memory = NULL;
	return 0;
}

void rig_run(void)
{
	bool again = true;

	while (again) {
		again = false;
		for (unsigned i = 0; i < rig.flows; i++)
			again |= flow_fake_poll(&rig.flow[i], rig.now_us);
		while (http_client_poll(rig.client, rig.now_us) <= rig.now_us)
			continue;
	}
}

void rig_wait(uint64_t us)
{
	uint64_t end_us = rig.now_us + us, due_us;

	while ((due_us = http_client_poll(rig.client, rig.now_us)) <= end_us) {
		rig.now_us = MAX(due_us, rig.now_us);
		rig_run();
	}
	rig.now_us = end_us;
}

void rig_start(const struct http_client_request *request)
{
	struct waker waker = {count_wake, NULL};

	assert_int_equal(http_call_start(&rig.call, rig.client, request, waker, rig.now_us), OK);
	rig_run();
}

void rig_get(const char *url)
{
	rig_start(&(struct http_client_request){.method = HTTP_GET, .url = url});
}

unsigned rig_connect(void)
{
	struct connector_request *r = rig.connecting;
	unsigned i = rig.flows++;

	assert_non_null(r);
	assert_in_range(i, 0, RIG_FLOWS - 1);
	flow_fake_init(&rig.flow[i]);
	rig.connecting = NULL;
	r->error = OK;
	r->flow = &rig.flow[i].flow;
	r->done(r, rig.now_us);
	rig_run();
	return i;
}

void rig_refuse(enum err e)
{
	struct connector_request *r = rig.connecting;

	assert_non_null(r);
	rig.connecting = NULL;
	r->error = e;
	r->flow = NULL;
	r->done(r, rig.now_us);
	rig_run();
}

void rig_answer(unsigned i, const char *text)
{
	flow_fake_feed(&rig.flow[i], text, strlen(text));
	rig_run();
}

void rig_expect(unsigned i, const char *text)
{
	struct flow_fake *f = &rig.flow[i];
	size_t n = f->out_bytes - rig.seen[i];
	char *written = calloc(1, n + 1);

	assert_non_null(written);
	if (n > 0)
		memcpy(written, f->out + rig.seen[i], n);
	assert_string_equal(written, text);
	rig.seen[i] = f->out_bytes;
	free(written);
}

void rig_expect_status(unsigned status)
{
	struct http_client_response response;

	assert_int_equal(http_call_response(&rig.call, &response), OK);
	assert_int_equal(response.status, status);
}

void rig_expect_body(const char *text)
{
	struct slice run;
	enum err e;

	while ((e = http_call_read(&rig.call, &run)) == OK) {
		assert_true(run.len > 0 && run.len <= strlen(text));
		assert_memory_equal(run.data, text, run.len);
		text += run.len;
		http_call_consume(&rig.call, run.len);
	}
	assert_int_equal(e, ERR_EOF);
	assert_string_equal(text, "");
}
