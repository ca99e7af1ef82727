/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "net/http_client/http_client_internal.h"

void http_link_restart(struct http_link *link)
{
	link->restart = true;
	waker_wake(&link->client->work);
}

void http_link_set_url(struct http_link *link, const char *text, size_t len)
{
	assert(len <= HTTP_URL_BYTES_MAX);
	memcpy(link->url_text, text, len);
	enum err e = http_url_parse(&link->url, (struct http_text){link->url_text, len});
	assert(e == OK);
}

/* --- connecting ------------------------------------------------------------------------------ */

static void connected(struct connector_request *r, uint64_t now_us)
{
	struct http_link *link = container_of(r, struct http_link, connecting);

	link->client->now_us = now_us;
	link->is_connecting = false;
	if (r->error != OK) {
		link->client->stats.broken++;
		http_call_fail(link->call, r->error);
		return;
	}
	link->flow = r->flow;
	link->flow->event = http_exchange_event;
	link->flow->arg = link;
	http_link_restart(link);
	http_exchange_begin(link);
}

enum err http_link_connect(struct http_link *link)
{
	struct http_client *client = link->client;
	struct http_text host = link->url.host;
	char *end = link->url_text + (host.at + host.len - link->url_text), behind = *end;

	if (host.len >= HTTP_HOST_BYTES)
		return ERR_INVALID;
	link->kept = false;
	link->connecting.done = connected;
	/* The host's name ends with a NUL while the connector looks at it. */
	*end = '\0';
	enum err e = connector_start(client->connector, &link->connecting, host.at, link->url.port,
				     client->now_us);
	*end = behind;
	link->is_connecting = e == OK;
	client->stats.connections += e == OK;
	http_link_restart(link);
	return e;
}

void http_link_begin(struct http_link *link)
{
	http_call_reset(link->call);
	if (link->flow != NULL) {
		http_link_restart(link);
		http_exchange_begin(link);
		return;
	}
	enum err e = http_link_connect(link);
	if (e != OK)
		http_call_fail(link->call, e);
}

void http_link_disconnect(struct http_link *link)
{
	if (link->is_connecting)
		connector_cancel(link->client->connector, &link->connecting);
	if (link->flow != NULL)
		flow_abort(link->flow);
	link->is_connecting = false;
	link->flow = NULL;
}

/* --- the pool -------------------------------------------------------------------------------- */

/* The one that has been idle longest, of those to `authority` if it is not NULL. Or NULL. */
static struct http_link *find_idle(const struct http_client *client,
				   const struct http_text *authority)
{
	list_for_each (node, &client->used) {
		struct http_link *link = list_entry(node, struct http_link, node);
		if (link->call == NULL &&
		    (authority == NULL || http_text_same(link->url.authority, *authority)))
			return link;
	}
	return NULL;
}

static void drop(struct http_link *link)
{
	http_link_disconnect(link);
	list_remove(&link->node);
	pool_put(&link->client->links, link);
	if (!list_empty(&link->client->queue))
		waker_wake(&link->client->work);
}

/* One that is free, in place of the one that has been idle longest if need be. Or NULL. */
static struct http_link *new_link(struct http_client *client)
{
	struct http_link *link = find_idle(client, NULL);

	if (pool_available(&client->links) == 0 && link != NULL)
		drop(link);
	link = pool_get(&client->links);
	if (link == NULL)
		return NULL;
	memset(link, 0, sizeof(*link));
	link->client = client;
	list_init(&link->node);
	return link;
}

static void start(struct http_link *link, struct http_call *call, size_t url_len)
{
	link->call = call;
	call->link = link;
	http_link_set_url(link, call->request.url, url_len);
	list_remove(&link->node);
	list_push_back(&link->client->used, &link->node);
	http_link_begin(link);
}

void http_link_assign(struct http_client *client, struct http_call *call)
{
	struct http_url url;
	const struct http_text text = {call->request.url, strlen(call->request.url)};

	enum err e = http_url_parse(&url, text);
	assert(e == OK);
	struct http_link *link = find_idle(client, &url.authority);
	if (link != NULL)
		client->stats.reused++;
	else
		link = new_link(client);
	if (link != NULL)
		start(link, call, text.len);
	else
		list_push_back(&client->queue, &call->node);
}

/* Nothing of the exchange is left, and what follows must be of the next one. */
static bool may_be_kept(const struct http_link *link, const struct http_call *call)
{
	struct slice unexpected;

	return call->receiving == HTTP_AWAIT_NOTHING && call->sending == HTTP_SEND_DONE &&
	       (call->head.flags & HTTP_CLOSE) == 0 && link->flow != NULL &&
	       flow_read(link->flow, &unexpected) == ERR_AGAIN;
}

void http_link_release(struct http_link *link)
{
	struct http_client *client = link->client;
	struct http_call *call = link->call;

	if (call != NULL) {
		call->link = NULL;
		link->call = NULL;
		if (may_be_kept(link, call)) {
			link->kept = true;
			list_remove(&link->node);
			list_push_back(&client->used, &link->node);
			http_link_restart(link);
			return;
		}
	}
	/* What has been sent is not lost if the response is complete: no reset overtakes it. */
	if (link->flow != NULL && (call == NULL || call->receiving == HTTP_AWAIT_NOTHING)) {
		flow_close(link->flow);
		link->flow = NULL;
	}
	drop(link);
}
