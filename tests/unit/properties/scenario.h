/* SPDX-License-Identifier: ISC */
/*
 * A world of a property test: two hosts, a link, up to four connections between them, by IPv4 or
 * IPv6. All of it can be drawn from one 64-bit seed, which is all that is needed to see a failure
 * again.
 */
#ifndef TESTS_UNIT_PROPERTIES_SCENARIO_H
#define TESTS_UNIT_PROPERTIES_SCENARIO_H

#include "tests/fakes/link_sim.h"
#include "tests/fakes/sim_host.h"
#include "tests/unit/properties/party.h"

#define CLIENT_ADDR UINT32_C(0x0a000001) /* 10.0.0.1/24 */
#define SERVER_ADDR UINT32_C(0x0a000002)
#define CLIENT_V6   "fd00::1" /* /64 */
#define SERVER_V6   "fd00::2"

/* With IPv6 an address is looked for on the link before it is used (RFC 4862). */
#define V6_READY_US (2 * (uint64_t)US_PER_S)

enum { CONNECTIONS_MAX = 4, SMALLEST_CONNECTIONS = 2, FIRST_PORT = 1000 };

/* When frames of a connection were put on the wire in one direction, resets apart. */
struct notice {
	uint64_t sent_us;    /* the last … */
	uint64_t arrived_us; /* … and the last that was neither lost nor damaged */
};

struct connection {
	struct party client, server;
	struct notice notice[2]; /* by the client, by the server */
	uint64_t connect_us;     /* when the client does; TIME_NEVER once it has */
	bool v6;                 /* not before V6_READY_US */
	enum err connect_error;
};

/* What is drawn; the parties' settings are in the connections. */
struct scenario {
	uint64_t seed;
	uint64_t start_us;
	struct link_conditions link[2]; /* from the client, to the client */
	struct sim_host_config host[2];
	struct tcp_config tcp[2];
	struct ndp_config v6[2];
	unsigned connections;
	unsigned backlog; /* SYNs of nobody that are there before all others */
};

struct world {
	struct sim_host host[2]; /* client, server */
	struct link_sim sim;
	struct connection connection[CONNECTIONS_MAX];
	unsigned connections;
	unsigned wakes; /* of the users of all connections */
};

extern struct world world;

/* Draws hosts, link and connections; the latter go into `world`. */
void scenario_draw(struct scenario *s, uint64_t seed);

/* The same as long as IPv4 was all that there was: without half of what is drawn now. */
void scenario_draw_v4(struct scenario *s, uint64_t seed);

/* The same with the smallest server there can be: two connections, four packets to receive and four
 * to send, two segments of buffers. With every other seed the client is such a one, too. */
void scenario_draw_smallest(struct scenario *s, uint64_t seed);
void scenario_draw_smallest_v4(struct scenario *s, uint64_t seed);

/* A clean link with a delay, hosts with the default configuration, no connection. */
void scenario_plain(struct scenario *s, uint64_t seed);

/* Both hosts have IPv6, too, with the addresses above. */
void scenario_add_v6(struct scenario *s);

/* Starts the hosts and what is to connect. world.connection must be set. */
void world_start(const struct scenario *s);

/* A SYN to the server's `port` from an address that nobody has, of at most `strangers`: by IPv4
 * from far away, by IPv6 from the link. */
void world_spoof_syn(struct random *r, uint16_t port, bool v6, uint32_t strangers);

/* Whether every connection is over on both sides. */
bool world_is_over(void);

/*
 * Closes what is still open and lets all time limits pass; returns what is left over, in words, or
 * NULL.
 */
const char *world_end(void);

/* A connection with these settings: both sides write, read all, and close. */
void connection_plain(struct connection *c, size_t to_server, size_t to_client);

/* A frame from host `from` goes on the wire. */
void world_notice(unsigned from, uint64_t now_us, const uint8_t *frame, size_t len, bool lost);

/* Has that be called for each. */
void world_notice_all(void);

/* Whether host `side` gave the connection up because the link let nothing through for long. */
bool party_was_cut_off(const struct connection *c, unsigned side);

/* What went wrong with the streams of a connection, or NULL. */
const char *connection_fault(const struct connection *c);

#endif
