/* SPDX-License-Identifier: ISC */
/*
 * The world around a connector, on virtual time: the resolver and TCP are the test, which answers
 * and establishes what and when it likes.
 */
#ifndef TESTS_UNIT_CONNECT_WORLD_H
#define TESTS_UNIT_CONNECT_WORLD_H

#include "net/connect/connect.h"
#include "tests/fakes/flow_fake.h"

enum { FLOWS = 20, PORT = 8080 };

/* One connection that was begun. */
struct begun {
	struct flow_fake fake;
	struct ip_addr to;
	uint64_t at_us;
};

struct world {
	void *memory;
	struct connect *c;
	uint64_t now_us;
	unsigned wakes;

	struct resolver resolver;
	struct resolver_request *query[2];
	enum err refusal[2];

	struct begun flow[FLOWS];
	unsigned flows;
	enum err connect_error;
	bool unready[2]; /* we have no address of this family */

	struct connector_request request;
	unsigned done;
	void (*when_done)(void);
};

extern struct world w;

int setup(void **state);

/* All flows were given back, all questions too. */
int teardown(void **state);

/* A connector anew, in memory anew, at w.memory and w.c. */
void make(const struct connect_families *families, struct resolver *resolver);

/* What requests call at their end. */
void done(struct connector_request *r, uint64_t now_us);

/* Starts w.request. */
enum err begin(const char *host);

/* Lets `us` pass, with each poll that falls due. */
void pass(uint64_t us);

/* The resolver answers with up to two addresses, or NULL. */
void answer(enum resolver_family family, enum err error, const char *first, const char *second);

/* What becomes of connection `i`. */
void raise_events(unsigned i, unsigned events);
void establish(unsigned i);
void refuse(unsigned i);

/* Connection `i` was begun to this address, then. */
void expect_flow(unsigned i, const char *to, uint64_t at_us);

/* The request has ended with this connection, which is given back here. */
void expect_connected(unsigned i);
void expect_failed(enum err e);

#endif
