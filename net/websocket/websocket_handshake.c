/* SPDX-License-Identifier: ISC */
/* The opening handshake: RFC 6455 section 4.2, RFC 9110 section 7.8. */
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "net/http/http_parse.h"
#include "net/websocket/websocket_internal.h"

/* What the request's fields say: of those that are lists, all must name what is asked for. */
enum { UPGRADE, CONNECTION, VERSION, LISTS, KEY = LISTS };
static const char names[] = "upgrade\0connection\0sec-websocket-version\0sec-websocket-key\0";
static const char wanted[] = "websocket\0upgrade\0"
			     "13\0";

struct handshake {
	unsigned lists; /* bit N: that of names[N] is right */
	unsigned keys;
	struct http_text key;
	struct http_text fields; /* all of them */
};

static bool lists(struct http_text list, const char *word)
{
	struct http_text item;
	while ((item = http_text_next_item(&list)).len > 0) {
		if (http_text_is_of(item, word, strlen(word)))
			return true;
	}
	return false;
}

static void read_handshake(struct handshake *h, struct http_text fields)
{
	struct http_text value;
	int place;
	while ((place = http_find_field(&fields, names, &value)) >= 0) {
		if (place == KEY) {
			h->keys++;
			h->key = value;
		} else if (lists(value, text_at(wanted, (unsigned)place))) {
			h->lists |= 1u << place;
		}
	}
}

/* The status to refuse the request with, or 0. */
static unsigned check(const struct websocket *s, struct http_conn *conn,
		      const struct http_request *request, const struct handshake *h)
{
	if (http_is_1_0(conn) || h->lists != (1u << LISTS) - 1)
		return 426;
	if (h->keys != 1 || !websocket_key_is_valid(h->key.at, h->key.len))
		return 400;
	if (s->handlers == NULL)
		return 503;
	bool admitted = s->handlers->admit == NULL ||
			s->handlers->admit(s->arg, request, h->fields);
	return admitted ? 0 : 403;
}

static enum err refuse(struct websocket *s, unsigned status, struct http_response *response)
{
	s->stats.rejected++;
	response->status = status;
	if (status == 426)
		response->fields = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
				   "Sec-WebSocket-Version: 13\r\n";
	return OK;
}

/* Until it is written, the answer waits where it is written from. */
static void make_answer(struct websocket_conn *c, const char *key)
{
	static const char begin[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
				    "Connection: Upgrade\r\nSec-WebSocket-Accept: ";
	enum { BEGIN = sizeof(begin) - 1, END = 4 };
	_Static_assert(BEGIN + WEBSOCKET_ACCEPT_CHARS + END <= WEBSOCKET_OUT_BYTES,
		       "the answer fits");
	char *out = (char *)c->out;
	memcpy(out, begin, BEGIN);
	websocket_accept_key(key, out + BEGIN);
	memcpy(out + BEGIN + WEBSOCKET_ACCEPT_CHARS, "\r\n\r\n", END);
	c->out_bytes = BEGIN + WEBSOCKET_ACCEPT_CHARS + END;
}

enum err websocket_upgrade(void *arg, struct http_conn *conn, const struct http_request *request,
			   struct http_response *response)
{
	struct websocket *s = arg;
	if (request->method != HTTP_GET)
		return ERR_UNSUPPORTED;
	struct handshake h = {.fields = http_fields(conn)};
	read_handshake(&h, h.fields);
	unsigned status = check(s, conn, request, &h);
	struct websocket_conn *c = status == 0 ? pool_get(&s->conns) : NULL;
	if (c == NULL)
		return refuse(s, status != 0 ? status : 503, response);
	memset(c, 0, sizeof(*c));
	c->server = s;
	c->request = conn;
	list_init(&c->node);
	list_init(&c->ready);
	make_answer(c, h.key.at);
	list_push_back(&s->arriving, &c->node);
	websocket_wake(s);
	return ERR_AGAIN;
}

void websocket_gone(void *arg, struct http_conn *conn)
{
	struct websocket *s = arg;
	list_for_each (it, &s->arriving) {
		struct websocket_conn *c = list_entry(it, struct websocket_conn, node);
		if (c->request == conn) {
			list_remove(&c->node);
			pool_put(&s->conns, c);
			return;
		}
	}
}

void websocket_arrive(struct websocket_conn *c)
{
	struct websocket_stats *stats = &c->server->stats;
	c->flow = http_detach(c->request);
	c->request = NULL;
	c->state = WEBSOCKET_OPEN;
	stats->opened++;
	stats->connections++;
	stats->connections_max = MAX(stats->connections_max, stats->connections);
	websocket_timer_set(c, WEBSOCKET_TIMER_IDLE);
}
