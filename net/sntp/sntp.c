/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "sntp"
#include "net/sntp/sntp.h"

#include "base/assert.h"
#include "base/attr.h"
#include "base/log.h"
#include "net/sntp/sntp_internal.h"
#include "net/sntp/sntp_msg.h"

static SELDOM void wait_until(struct sntp *sntp, uint64_t due_us)
{
	sntp->state = SNTP_WAITING;
	sntp->due_us = due_us;
	waker_wake(&sntp->work);
}

/* Waits, up to an eighth longer: what started together shall not ask together for ever. */
static void wait_about(struct sntp *sntp, uint64_t now_us, uint64_t us)
{
	wait_until(sntp, now_us + us + rng_below(sntp->rng, (uint32_t)(us >> 3)));
}

static SELDOM void close_request(struct sntp *sntp)
{
	if (sntp->state == SNTP_ASKING)
		udp_close(sntp->udp, &sntp->socket);
	if (sntp->state == SNTP_RESOLVING)
		resolver_cancel(sntp->resolver, &sntp->request);
	sntp->state = SNTP_WAITING;
}

/* All servers have been tried. If none could even be asked, there may be no network yet. */
static void end_round(struct sntp *sntp, uint64_t now_us)
{
	uint64_t us = SNTP_OFFLINE_US;

	if (sntp->round_sent) {
		us = (uint64_t)US_PER_S << MIN(SNTP_RETRY_LOG + sntp->rounds, SNTP_POLL_MAX_LOG);
		sntp->rounds = (uint8_t)MIN(sntp->rounds + 1, SNTP_POLL_MAX_LOG);
	}
	sntp->tried = 0;
	sntp->round_sent = false;
	wait_about(sntp, now_us, us);
}

/* Something went wrong, which `counter` counts. */
static void try_next(struct sntp *sntp, uint64_t now_us, uint32_t *counter)
{
	++*counter;
	close_request(sntp);
	sntp_server_failed(sntp);
	if (++sntp->tried < sntp->n_servers)
		wait_until(sntp, now_us);
	else
		end_round(sntp, now_us);
}

/* --- the answer ------------------------------------------------------------------------------ */

static void step(struct sntp *sntp, uint64_t now_us, int64_t unix_us)
{
	wall_clock_set(sntp->wall, now_us, (uint64_t)unix_us);
	sntp->stats.steps++;
	sntp_server_log(sntp, LOG_INFO, "server %s says that it is %s", (uint64_t)unix_us);
}

static bool is_small(int64_t us)
{
	return us >= -WALL_CLOCK_SLEW_MAX_US && us <= WALL_CLOCK_SLEW_MAX_US;
}

/* A step of a clock that has been set waits for a second answer, from another server if there is
 * one; false until then. */
static bool is_believed(struct sntp *sntp, int64_t offset_us)
{
	if (!sntp->synchronised || is_small(offset_us))
		return true;
	bool agrees = sntp->has_suspect && is_small(offset_us - sntp->suspect_us);
	sntp->has_suspect = true;
	sntp->suspect_us = offset_us;
	return agrees;
}

static void doubt(struct sntp *sntp, uint64_t now_us)
{
	sntp->stats.suspect++;
	sntp->poll_log = SNTP_POLL_MIN_LOG;
	sntp_server_next(sntp);
	wait_about(sntp, now_us, (uint64_t)US_PER_S << SNTP_RETRY_LOG);
}

/* The time of day is `unix_us` now, says the server. */
static void take_time(struct sntp *sntp, uint64_t now_us, int64_t unix_us)
{
	uint64_t wall_us = wall_clock_us(sntp->wall, now_us);
	int64_t offset_us = unix_us - (int64_t)wall_us;

	close_request(sntp);
	sntp->tried = sntp->rounds = 0;
	sntp->round_sent = false;
	if (!is_believed(sntp, offset_us)) {
		doubt(sntp, now_us);
		return;
	}
	if (wall_us == 0 || !is_small(offset_us) || !sntp->synchronised)
		step(sntp, now_us, unix_us);
	else
		wall_clock_adjust(sntp->wall, now_us, offset_us);
	sntp->stats.accepted++;
	sntp->synchronised = true;
	sntp->has_suspect = false;
	sntp->offset_us = offset_us;
	wait_about(sntp, now_us, (uint64_t)US_PER_S << sntp->poll_log);
	sntp->poll_log = (uint8_t)MIN(sntp->poll_log + 1, SNTP_POLL_MAX_LOG);
}

static int64_t short_us(uint32_t fixed_point)
{
	return (int64_t)((uint64_t)fixed_point * US_PER_S >> 16);
}

/*
 * RFC 5905 section 8, for a client whose clock is the monotonic one: false if no clock can have
 * shown these times, or they say too little.
 */
static bool read_time(struct sntp *sntp, const struct sntp_reply *r, uint64_t now_us,
		      int64_t *unix_us)
{
	enum { GRANULARITY_US = 10000 }; /* of clocks that are read by interrupts */
	int64_t received_us = sntp_unix_us(r->receive), sent_us = sntp_unix_us(r->transmit);
	int64_t at_server_us = sent_us - received_us;
	int64_t delay_us = (int64_t)(now_us - sntp->sent_us) - at_server_us;

	if (r->receive == 0 || r->transmit == 0 || received_us < SNTP_UNIX_MIN_US ||
	    at_server_us < 0 || delay_us < -GRANULARITY_US)
		return false;
	delay_us = MAX(delay_us, 0);
	sntp->delay_us = (uint32_t)delay_us;
	*unix_us = sent_us + delay_us / 2;
	return (delay_us + short_us(r->root_delay)) / 2 + short_us(r->root_dispersion) <=
	       SNTP_DISTANCE_MAX_US;
}

static void kiss(struct sntp *sntp, const struct sntp_reply *r, uint64_t now_us)
{
	uint32_t *counter = &sntp->stats.other_kisses;

	if (r->reference == SNTP_KISS('R', 'A', 'T', 'E')) {
		counter = &sntp->stats.rate_limited;
		sntp_server_limited(sntp, now_us, r->poll);
	} else if (r->reference == SNTP_KISS('D', 'E', 'N', 'Y') ||
		   r->reference == SNTP_KISS('R', 'S', 'T', 'R')) {
		counter = &sntp->stats.denied;
		sntp_server_denied(sntp);
	}
	try_next(sntp, now_us, counter);
}

/* An answer to the request, whatever it says. */
static void answer(struct sntp *sntp, const struct sntp_reply *r, uint64_t now_us)
{
	int64_t unix_us;

	if (r->stratum == SNTP_STRATUM_KISS) {
		kiss(sntp, r, now_us);
	} else if (r->leap == SNTP_LEAP_UNKNOWN || r->stratum > SNTP_STRATUM_MAX) {
		try_next(sntp, now_us, &sntp->stats.unsynchronised);
	} else if (!read_time(sntp, r, now_us, &unix_us)) {
		try_next(sntp, now_us, &sntp->stats.unusable);
	} else {
		take_time(sntp, now_us, unix_us);
	}
}

static bool is_from_server(const struct sntp *sntp, const struct udp_peer *peer)
{
	return peer->port == SNTP_PORT && ip_addr_equal(&peer->addr, &sntp->current->addr);
}

static void input(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		  const struct ip_addr *local)
{
	struct sntp *sntp = container_of(s, struct sntp, socket);
	struct sntp_reply r;

	(void)local;
	if (!is_from_server(sntp, peer))
		sntp->stats.bad_source++;
	else if (!sntp_reply_parse(&r, p->data, p->len))
		sntp->stats.malformed++;
	else if (r.mode != SNTP_MODE_SERVER || r.version == 0 || r.originate != sntp->nonce)
		sntp->stats.unexpected++;
	else
		answer(sntp, &r, now_us);
	pkt_put(p);
}

/* An ICMP error about the request, whose time so is over. */
static void error_input(struct udp_socket *s, uint64_t now_us, const struct udp_peer *peer,
			enum err error, uint16_t mtu)
{
	struct sntp *sntp = container_of(s, struct sntp, socket);

	(void)error;
	(void)mtu;
	if (!is_from_server(sntp, peer))
		return;
	sntp->due_us = now_us;
	waker_wake(&sntp->work);
}

/* --- the request ----------------------------------------------------------------------------- */

static enum err send(struct sntp *sntp, uint64_t now_us)
{
	const struct udp_peer to = {.addr = sntp->current->addr, .port = SNTP_PORT};
	struct pkt *p = pkt_alloc(sntp->tx, PKT_HEADROOM);

	if (p == NULL)
		return ERR_NOMEM;
	sntp_request_emit(sntp->nonce, pkt_append(p, SNTP_MSG_BYTES));
	return udp_send_or_put(sntp->udp, &sntp->socket, now_us, p, &to);
}

/* Each request has a port of its own. */
static enum err open_request(struct sntp *sntp, uint64_t now_us)
{
	enum err e = rng_read(sntp->rng, &sntp->nonce, sizeof(sntp->nonce));
	if (e != OK)
		return e;
	sntp->socket = (struct udp_socket){.input = input, .error = error_input};
	e = udp_open(sntp->udp, &sntp->socket);
	if (e != OK)
		return e;
	e = send(sntp, now_us);
	if (e != OK)
		udp_close(sntp->udp, &sntp->socket);
	return e;
}

static void ask(struct sntp *sntp, uint64_t now_us)
{
	if (open_request(sntp, now_us) != OK) {
		try_next(sntp, now_us, &sntp->stats.unsent);
		return;
	}
	sntp->stats.sent++;
	sntp->round_sent = true;
	sntp->state = SNTP_ASKING;
	sntp->sent_us = now_us;
	sntp->due_us = now_us + SNTP_TIMEOUT_US;
	sntp_server_asked(sntp, now_us);
}

static void resolved(struct resolver_request *r, uint64_t now_us)
{
	struct sntp *sntp = container_of(r, struct sntp, request);

	sntp->state = SNTP_WAITING;
	if (r->error == OK) {
		sntp_server_resolved(sntp, now_us);
		wait_until(sntp, now_us);
	} else {
		try_next(sntp, now_us, &sntp->stats.unresolved);
	}
}

static void look_up(struct sntp *sntp, uint64_t now_us)
{
	sntp->request = (struct resolver_request){.done = resolved};
	if (sntp_server_resolve(sntp, now_us) == OK) {
		sntp->state = SNTP_RESOLVING;
		sntp->due_us = TIME_NEVER;
	} else {
		try_next(sntp, now_us, &sntp->stats.unresolved);
	}
}

static void begin(struct sntp *sntp, uint64_t now_us)
{
	if (!sntp_server_choose(sntp, now_us, &sntp->due_us))
		return;
	if (sntp_server_is_stale(sntp, now_us))
		look_up(sntp, now_us);
	else
		ask(sntp, now_us);
}

/* --- life ------------------------------------------------------------------------------------ */

void sntp_init(struct sntp *sntp, struct wall_clock *wall, struct udp *udp, struct pkt_pool *tx,
	       struct rng *rng, struct resolver *resolver, struct waker work)
{
	*sntp = (struct sntp){
		.udp = udp,
		.tx = tx,
		.rng = rng,
		.resolver = resolver,
		.wall = wall,
		.work = work,
		.current = sntp->server,
		.poll_log = SNTP_POLL_MIN_LOG,
		.due_us = TIME_NEVER,
	};
}

void sntp_replace_servers_v4(struct sntp *sntp, uint64_t now_us, const uint32_t *servers,
			     unsigned n)
{
	n = MIN(n, SNTP_SERVERS_MAX);
	if (sntp_servers_are_v4(sntp, servers, n))
		return;
	if (sntp->state != SNTP_OFF)
		close_request(sntp);
	sntp_servers_set_v4(sntp, servers, n);
	sntp->tried = 0;
	if (sntp->state != SNTP_OFF)
		wait_until(sntp, now_us);
}

void sntp_start(struct sntp *sntp, uint64_t now_us)
{
	assert(sntp->state == SNTP_OFF);
	wait_until(sntp, now_us);
}

uint64_t sntp_poll(struct sntp *sntp, uint64_t now_us)
{
	if (now_us < sntp->due_us)
		return sntp->due_us;
	if (sntp->state == SNTP_ASKING)
		try_next(sntp, now_us, &sntp->stats.timeouts);
	else if (sntp->state == SNTP_WAITING)
		begin(sntp, now_us);
	return sntp->due_us;
}
