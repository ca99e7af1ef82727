/* SPDX-License-Identifier: ISC */
/* A server over a fake flow, with a store that waits behind a queue that the test turns. */
#ifndef TESTS_UNIT_HTTP_FILES_RIG_H
#define TESTS_UNIT_HTTP_FILES_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "net/http_files/http_files.h"
#include "tests/fakes/flow_fake.h"
#include "tests/fakes/kv_memory.h"

enum { PIECE = 64, PLACES = 4, UPLOAD_MAX = 1000, QUEUE = 4 };

struct rig {
	struct http *http;
	struct http_files *files;
	struct kv_memory store;
	struct flow_fake flow;
	uint64_t now_us;
	struct kv_queue queue;
	struct list waiting;
	unsigned lent, calls;
	bool hangs; /* calls do not end */
};

extern struct rig rig;

int rig_set_up(void **state);
int rig_tear_down(void **state); /* everything is given back, asserted */

/* Opens rig.flow anew. */
void rig_open(void);

/* The peer ends the connection, which is over then, and opens another. */
void rig_reopen(void);

/* Events, polls and calls of the store, until nothing happens any more. */
void rig_run(void);

/* One call of the store, if there is one. */
bool rig_call(void);

/* Feeds a request, runs, and returns all that came, NUL-terminated. */
const char *rig_ask(const char *request);

/* All that came so far. */
const char *rig_answer(void);

/* ASSERT_BEGINS("HTTP/1.1 200 ", answer), and what is behind its header. */
void assert_begins(const char *answer, const char *with);
const char *content(const char *answer);

extern const struct CMUnitTest upload_tests[];
extern const size_t upload_tests_count;

#define TEST(NAME)      cmocka_unit_test_setup_teardown(NAME, rig_set_up, rig_tear_down)
#define GET(KEY, LINES) "GET /" KEY " HTTP/1.1\r\nHost: h\r\n" LINES "\r\n"

#endif
