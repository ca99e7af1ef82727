/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/assert.h"
#include "hal/timer.h"
#include "net/http_client/http_client_internal.h"

const struct http_client_config http_client_config_default = {
	.connections = 4,
	.header_bytes = HTTP_HEADER_BYTES_MAX,
	.redirects = 5,
	.timeout_us = 30 * US_PER_S,
	.idle_us = 15 * US_PER_S,
	.continue_us = US_PER_S,
	.body_bytes_max = UINT64_MAX,
};

enum { ALIGNMENT = 8, CLIENT_BYTES = ROUND_UP(sizeof(struct http_client), ALIGNMENT) };

static size_t link_bytes(const struct http_client_config *config)
{
	return ROUND_UP(sizeof(struct http_link) + config->header_bytes, ALIGNMENT);
}

size_t http_client_memory_bytes(const struct http_client_config *config)
{
	return CLIENT_BYTES + config->connections * link_bytes(config);
}

struct http_client *http_client_init(void *memory, const struct http_client_config *config,
				     struct connector *connector, struct waker work)
{
	struct http_client *client = memory;

	assert((uintptr_t)memory % ALIGNMENT == 0 && config->connections > 0);
	*client = (struct http_client){.config = *config, .connector = connector, .work = work};
	pool_init(&client->links, (uint8_t *)memory + CLIENT_BYTES, link_bytes(config),
		  config->connections);
	list_init(&client->used);
	list_init(&client->queue);
	return client;
}

const struct http_client_stats *http_client_stats(const struct http_client *client)
{
	return &client->stats;
}

/* --- time ------------------------------------------------------------------------------------ */

static uint64_t limit_us(const struct http_link *link)
{
	const struct http_client_config *config = &link->client->config;

	if (link->call == NULL)
		return config->idle_us;
	return http_awaits_continue(link->call) ? config->continue_us : config->timeout_us;
}

static void expire(struct http_link *link)
{
	struct http_call *call = link->call;

	if (call == NULL) {
		http_link_release(link);
	} else if (http_awaits_continue(call)) {
		/* The server may not know the expectation (RFC 9110 section 10.1.1). */
		call->sending = HTTP_SEND_BODY;
		http_link_restart(link);
		http_exchange_run(link);
	} else if (call->waiting) {
		link->client->stats.timeouts++;
		http_call_fail(call, ERR_TIMEOUT);
	} else {
		http_link_restart(link); /* it is the caller who takes his time */
	}
}

/* Each may be gone, or at the end of the list, after its turn. */
static void check_limits(struct http_client *client)
{
	struct list batch, *node;

	list_take(&batch, &client->used);
	while ((node = list_pop_front(&batch)) != NULL) {
		struct http_link *link = list_entry(node, struct http_link, node);
		list_push_back(&client->used, node);
		if (link->restart) {
			link->restart = false;
			link->deadline_us = client->now_us + limit_us(link);
		} else if (link->deadline_us <= client->now_us) {
			expire(link);
		}
	}
}

static void serve_queue(struct http_client *client)
{
	struct list batch, *node;

	list_take(&batch, &client->queue);
	while ((node = list_pop_front(&batch)) != NULL)
		http_link_assign(client, list_entry(node, struct http_call, node));
}

uint64_t http_client_poll(struct http_client *client, uint64_t now_us)
{
	uint64_t due_us = TIME_NEVER;

	client->now_us = now_us;
	check_limits(client);
	serve_queue(client);
	list_for_each (node, &client->used) {
		const struct http_link *link = list_entry(node, struct http_link, node);
		due_us = time_earlier(due_us, link->restart ? now_us : link->deadline_us);
	}
	return due_us;
}
