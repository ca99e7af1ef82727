/* SPDX-License-Identifier: ISC */
#include "bench/peers/lwip/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/tcp.h"

#include "bench/peers/request.h"
#include "source.h"

enum {
	DISCARD_PORT = 9,
	SOURCE_PORT = 19,
};

static char response[RESPONSE_BYTES_MAX];
static u16_t response_bytes;

/* --- HTTP ------------------------------------------------------------------------------------ */

static void end(struct tcp_pcb *pcb)
{
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
	if (tcp_close(pcb) != ERR_OK)
		tcp_abort(pcb);
}

/* What came of a request that is not complete, in the connection's argument. */
static void forget(void *arg, err_t e)
{
	(void)e;
	if (arg != NULL)
		pbuf_free(arg);
}

/* Answers one request. False: the connection is over. */
static bool answer(struct tcp_pcb *pcb, bool close)
{
	/* Without a copy: the response never changes. */
	err_t e = tcp_write(pcb, response, response_bytes, 0);

	if (e != ERR_OK || close) {
		end(pcb);
		return false;
	}
	return true;
}

/* A request in more than one pbuf: seldom, and copied. */
static size_t gathered_length(const struct pbuf *p, bool *close)
{
	char text[REQUEST_BYTES_MAX];

	return request_length(text, pbuf_copy_partial(p, text, sizeof(text), 0), close);
}

static err_t on_request(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t e)
{
	struct pbuf *all = arg;
	bool open = true, close;

	(void)e;
	if (p == NULL) {
		forget(arg, ERR_OK);
		end(pcb);
		return ERR_OK;
	}
	tcp_recved(pcb, p->tot_len);
	if (all == NULL)
		all = p;
	else
		pbuf_cat(all, p);
	while (open && all != NULL) {
		size_t n = all->next == NULL ? request_length(all->payload, all->len, &close)
					     : gathered_length(all, &close);
		if (n == 0)
			break;
		open = answer(pcb, close);
		all = pbuf_free_header(all, (u16_t)n);
	}
	if (open)
		tcp_arg(pcb, all);
	else
		forget(all, ERR_OK);
	return ERR_OK;
}

static err_t accept_http(void *arg, struct tcp_pcb *pcb, err_t e)
{
	(void)arg;
	if (e != ERR_OK || pcb == NULL)
		return ERR_VAL;
	tcp_nagle_disable(pcb);
	tcp_arg(pcb, NULL);
	tcp_err(pcb, forget);
	tcp_recv(pcb, on_request);
	return ERR_OK;
}

static void prepare(const uint8_t *page, size_t page_bytes)
{
	int n = snprintf(response, sizeof(response),
			 "HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n"
			 "Content-Length: %u\r\nETag: \"0123456789abcdef\"\r\n\r\n",
			 (unsigned)page_bytes);
	if ((size_t)n + page_bytes > sizeof(response))
		abort();
	memcpy(response + n, page, page_bytes);
	response_bytes = (u16_t)((size_t)n + page_bytes);
}

/* --- bulk ------------------------------------------------------------------------------------ */

static err_t discard(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t e)
{
	(void)arg;
	(void)e;
	if (p == NULL) {
		end(pcb);
		return ERR_OK;
	}
	tcp_recved(pcb, p->tot_len);
	pbuf_free(p);
	return ERR_OK;
}

static err_t accept_discard(void *arg, struct tcp_pcb *pcb, err_t e)
{
	(void)arg;
	if (e != ERR_OK || pcb == NULL)
		return ERR_VAL;
	tcp_recv(pcb, discard);
	return ERR_OK;
}

static err_t fill(void *arg, struct tcp_pcb *pcb, u16_t acknowledged)
{
	static const char bytes[SOURCE_BYTES];
	u32_t room;

	(void)arg;
	(void)acknowledged;
	/* Whole segments: what is too little for one waits for the next acknowledgement. */
	while ((room = tcp_sndbuf(pcb) / TCP_MSS * TCP_MSS) > 0)
		if (tcp_write(pcb, bytes, (u16_t)LWIP_MIN(room, SOURCE_BYTES / TCP_MSS * TCP_MSS),
			      TCP_WRITE_FLAG_MORE) != ERR_OK)
			break;
	(void)tcp_output(pcb);
	return ERR_OK;
}

/* When there was no memory for anything: no acknowledgement will come. */
static err_t fill_again(void *arg, struct tcp_pcb *pcb)
{
	return fill(arg, pcb, 0);
}

static err_t accept_source(void *arg, struct tcp_pcb *pcb, err_t e)
{
	(void)arg;
	if (e != ERR_OK || pcb == NULL)
		return ERR_VAL;
	tcp_recv(pcb, discard);
	tcp_sent(pcb, fill);
	tcp_poll(pcb, fill_again, 1);
	return fill(NULL, pcb, 0);
}

/* --- start ----------------------------------------------------------------------------------- */

static void listen_on(u16_t port, tcp_accept_fn accept)
{
	struct tcp_pcb *pcb = tcp_new();

	if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK ||
	    (pcb = tcp_listen(pcb)) == NULL)
		abort();
	tcp_accept(pcb, accept);
}

void server_start(uint16_t http_port, const uint8_t *page, size_t page_bytes)
{
	prepare(page, page_bytes);
	listen_on(http_port, accept_http);
	listen_on(DISCARD_PORT, accept_discard);
	listen_on(SOURCE_PORT, accept_source);
}

size_t server_connection_bytes(void)
{
	return LWIP_MEM_ALIGN_SIZE(sizeof(struct tcp_pcb));
}
