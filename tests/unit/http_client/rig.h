/* SPDX-License-Identifier: ISC */
/*
 * A client whose connector is the test: it establishes fake flows when the test says so, and the
 * test plays the server on them.
 */
#ifndef TESTS_UNIT_HTTP_CLIENT_RIG_H
#define TESTS_UNIT_HTTP_CLIENT_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/http_client/http_client.h"
#include "tests/fakes/flow_fake.h"

#undef assert

#define SECOND ((uint64_t)1000000)

enum { RIG_FLOWS = 12 };

/* What each request of the client's holds behind its line. */
#define HOST     "Host: a.test\r\n"
#define IDENTITY "Accept-Encoding: identity\r\n"
#define GET_ROOT "GET / HTTP/1.1\r\n" HOST IDENTITY "\r\n"

struct rig {
	struct http_client *client;
	void *memory;
	uint64_t now_us;
	unsigned wakes; /* of the calls' waker */

	struct connector connector;
	enum err connect_error;               /* of connector_start() */
	struct connector_request *connecting; /* the last one that was started */
	unsigned connects, cancels;
	char host[64]; /* of the last one */
	uint16_t port;

	struct flow_fake flow[RIG_FLOWS]; /* established, in order */
	size_t seen[RIG_FLOWS];           /* bytes of what it was written that the test has seen */
	unsigned flows;
	struct http_call call; /* that most tests use */
};

extern struct rig rig;

/* A client with this configuration, or the usual one with 2 connections. cmocka's setup and end. */
int rig_setup(void **state);
void rig_setup_with(const struct http_client_config *config);
int rig_teardown(void **state); /* all calls have ended: everything must have been given back */

/* Delivers events and polls until nothing happens any more. */
void rig_run(void);

/* Time passes. */
void rig_wait(uint64_t us);

/* Begins rig.call; which must be possible. */
void rig_get(const char *url);
void rig_start(const struct http_client_request *request);

/* The connector establishes a flow, whose number it returns, or fails. */
unsigned rig_connect(void);
void rig_refuse(enum err e);

/* The server sends this, on flow number `i`. */
void rig_answer(unsigned i, const char *text);

/* What the client has written on flow `i` since the last look is exactly `text`. */
void rig_expect(unsigned i, const char *text);

/* rig.call has a response with this status. */
void rig_expect_status(unsigned status);

/* The rest of the body of rig.call is exactly this. */
void rig_expect_body(const char *text);

#endif
