/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "syslog"
#include "net/syslog/syslog.h"

#include <string.h>

#include "base/assert.h"
#include "base/attr.h"

static uint32_t next_number(struct syslog *s)
{
	s->number = s->number == SYSLOG_NUMBER_MAX ? 1 : s->number + 1;
	return s->number;
}

static void line(struct log_sink *sink, uint64_t now_us, enum log_level level, const char *module,
		 const char *text, size_t len)
{
	struct syslog *s = container_of(sink, struct syslog, sink);

	if (level > s->config.level)
		return;
	if (s->sending) {
		s->stats.own++;
		return;
	}
	uint32_t number = next_number(s);
	if (s->count == s->lines_max) {
		s->stats.overflow++;
		return;
	}
	struct syslog_line *l = &s->lines[(s->first + s->count++) % s->lines_max];
	l->at_us = now_us;
	l->number = number;
	l->level = (uint8_t)level;
	l->len = (uint8_t)MIN(len, (size_t)SYSLOG_TEXT_BYTES);
	memcpy(l->text, text, l->len);
	size_t chars = MIN(strlen(module), sizeof(l->module) - 1);
	memcpy(l->module, module, chars);
	l->module[chars] = '\0';
	if (s->count == 1)
		waker_wake(&s->work);
}

/* Servers say nothing. */
static void input(struct udp_socket *socket, uint64_t now_us, struct pkt *p,
		  const struct udp_peer *peer, const struct ip_addr *local)
{
	(void)socket;
	(void)now_us;
	(void)peer;
	(void)local;
	pkt_put(p);
}

enum err syslog_init(struct syslog *s, const struct syslog_config *config,
		     struct syslog_line *lines, uint16_t lines_max, struct udp *udp,
		     struct pkt_pool *tx, const struct wall_clock *wall, struct waker work)
{
	assert(lines_max > 0 && config->facility <= SYSLOG_FACILITY_MAX);
	*s = (struct syslog){
		.sink.line = line,
		.config = *config,
		.udp = udp,
		.tx = tx,
		.wall = wall,
		.work = work,
		.socket.input = input,
		.lines = lines,
		.lines_max = lines_max,
		.tokens = SYSLOG_BURST,
	};
	if (syslog_parse_server(config->server, &s->server) != OK) {
		log_error("%s is no address, with or without a port", config->server);
		return ERR_INVALID;
	}
	return udp_open(udp, &s->socket);
}

/* --- sending --------------------------------------------------------------------------------- */

static void refill(struct syslog *s, uint64_t now_us)
{
	enum { TOKEN_US = US_PER_S / SYSLOG_PER_S };
	uint64_t elapsed_us = now_us - s->tokens_us;

	if (elapsed_us >= (uint64_t)TOKEN_US * SYSLOG_BURST) {
		s->tokens = SYSLOG_BURST;
		s->tokens_us = now_us;
		return;
	}
	unsigned more = (uint32_t)elapsed_us / TOKEN_US;
	s->tokens = (uint16_t)MIN(s->tokens + more, SYSLOG_BURST);
	s->tokens_us += (uint64_t)more * TOKEN_US;
}

/* When the line was written, as the clock says now: perhaps it did not know then. */
static uint64_t unix_us(const struct syslog *s, const struct syslog_line *l, uint64_t now_us)
{
	uint64_t wall_us = wall_clock_us(s->wall, now_us);

	return wall_us > now_us - l->at_us ? wall_us - (now_us - l->at_us) : 0;
}

static enum err write_message(struct syslog *s, const struct syslog_line *l, uint64_t now_us,
			      struct pkt *p)
{
	const char *hostname = s->config.hostname;
	struct ip_route route;

	if (pkt_tailroom(p) < SYSLOG_HEADER_BYTES_MAX)
		return ERR_NOMEM;
	if (hostname == NULL || hostname[0] == '\0') { /* RFC 5424 section 6.2.4 */
		enum err e = ip_route(s->udp->ip, &s->server.addr, &route);
		if (e != OK)
			return e;
		hostname = inet_format(&route.src, s->addr);
	}
	const struct syslog_msg m = {
		.facility = s->config.facility,
		.level = (enum log_level)l->level,
		.unix_us = unix_us(s, l, now_us),
		.hostname = hostname,
		.app_name = s->config.app_name,
		.msgid = l->module,
		.number = l->number,
		.text = l->text,
		.text_bytes = l->len,
	};
	p->len = (uint32_t)syslog_emit(&m, (char *)p->data, pkt_tailroom(p));
	return OK;
}

static enum err send(struct syslog *s, const struct syslog_line *l, uint64_t now_us)
{
	struct pkt *p = pkt_alloc(s->tx, PKT_HEADROOM);

	if (p == NULL)
		return ERR_NOMEM;
	enum err e = write_message(s, l, now_us, p);
	if (e == OK)
		return udp_send_or_put(s->udp, &s->socket, now_us, p, &s->server);
	pkt_put(p);
	return e;
}

/* The first line has been sent, or never will be; false: it waits for better times. */
static bool send_first(struct syslog *s, uint64_t now_us)
{
	s->sending = true;
	enum err e = send(s, &s->lines[s->first], now_us);
	s->sending = false;
	if (e == OK) {
		s->stats.sent++;
		s->tokens--;
	} else if (e == ERR_INVALID || e == ERR_UNSUPPORTED) {
		s->stats.refused++;
	} else {
		s->stats.retries++;
		return false;
	}
	s->first = (uint16_t)((s->first + 1) % s->lines_max);
	s->count--;
	return true;
}

uint64_t syslog_poll(struct syslog *s, uint64_t now_us)
{
	if (s->count == 0)
		return TIME_NEVER;
	if (now_us < s->due_us)
		return s->due_us;
	refill(s, now_us);
	while (s->count > 0 && s->tokens > 0) {
		if (!send_first(s, now_us)) {
			s->due_us = now_us + SYSLOG_RETRY_US;
			return s->due_us;
		}
	}
	s->due_us = s->count > 0 ? s->tokens_us + US_PER_S / SYSLOG_PER_S : now_us;
	return s->count > 0 ? s->due_us : TIME_NEVER;
}
