/* SPDX-License-Identifier: ISC */
/*
 * The world of a TCP test: one or two instances on a pipe, a clock, and a loop that polls an
 * instance exactly when the real one would: after input, when woken, at its deadline.
 */
#ifndef TESTS_UNIT_TCP_WORLD_H
#define TESTS_UNIT_TCP_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/timer.h"
#include "net/tcp/tcp.h"
#include "tests/fakes/ip_pipe.h"

enum { WORLD_PACKETS = 512, WORLD_BUF = 2048, PORT = 80, APPS_MAX = 1100 };

/* A user of a flow: reads what comes, writes what it was given. */
struct app {
	struct world *world;
	struct flow *flow;   /* NULL after it was closed */
	unsigned events;     /* all that were delivered */
	unsigned calls;      /* how often */
	bool paused;         /* does not read */
	bool reply;          /* writes back what it reads */
	bool close_at_eof;   /* closes when the peer has ended */
	bool close_when_out; /* closes when all is written */
	enum err read_error; /* the last: ERR_AGAIN, ERR_EOF, … */
	uint8_t *in;
	size_t in_len, in_max;
	const uint8_t *out;
	size_t out_len, out_done;
	bool copy;                                    /* writes by flow_write_copy() */
	void (*hook)(struct app *a, unsigned events); /* called first, may close */
};

struct test_rng {
	struct rng rng;
	uint8_t next;
};

struct side {
	struct test_rng rng;
	struct tcp *tcp;
	void *memory;
	size_t memory_bytes;
	struct pkt_pool tx, rx;
	void *tx_memory, *rx_memory;
	bool woken;
	uint64_t deadline_us;
	unsigned polls;
	struct app app[APPS_MAX]; /* accepted flows, in order */
	unsigned accepted;
	void (*on_accept)(struct app *a);
};

struct world {
	struct ip_pipe pipe;
	struct side side[2];
	unsigned seeds;
	struct tcp_config config; /* as long as they: a small board's TCP keeps none of its own */
};

/* A small configuration: 8 connections, 4 half-open, 4 TIME-WAIT, 64 slices, 16 KiB. */
extern const struct tcp_config world_config;

/* End 0 has a TCP that listens on PORT; end 1 has one if `both`. The clock stands at 10 s. */
struct world *world_new(const struct tcp_config *config, bool both);
struct world *world_new_sized(const struct tcp_config *config, bool both, uint32_t packets,
			      uint32_t buf_bytes);

/* Asserts that every packet and slice is back in its pool once both sides are closed, and frees. */
void world_free(struct world *w);
/* The same without the check: for tests that end in the middle. */
void world_abandon(struct world *w);

/* Polls one side now. */
void world_poll(struct world *w, unsigned i);
/* Delivers and polls all that is due now, without moving the clock. */
void world_settle(struct world *w);
/* Lets the world run for `us` microseconds. */
void world_run(struct world *w, uint64_t us);
/* Lets it run until nothing is in flight and nobody waits for anything but time beyond `us`. */
static inline uint64_t world_now(const struct world *w)
{
	return w->pipe.now_us;
}

/* Connects end 1 to end 0; the app at end 1 is `a`. */
void world_connect(struct world *w, struct app *a);
/* The app at end 0 that was accepted last. */
struct app *world_server(struct world *w);

void app_attach(struct app *a, struct world *w, struct flow *f);
void app_write(struct app *a, const void *bytes, size_t len);
void app_read(struct app *a);
void app_close(struct app *a);
void app_fini(struct app *a);

/* Packets of the pool that are in use. */
static inline uint32_t pool_in_use(const struct pkt_pool *p)
{
	return p->pool.used;
}

#endif
