/* SPDX-License-Identifier: ISC */
/*
 * The other end of the link: a TCP client that behaves as a careful peer on a perfect network does,
 * and so sends any stack the same segments. It asks for pages, sends, or receives.
 *
 * It takes what the stack sends as it comes, checks it (checksums too, where they are not the
 * device's), and answers in the next round; a fault ends the image. There is one client in an
 * image.
 */
#ifndef BENCH_INSTRUCTIONS_CLIENT_H
#define BENCH_INSTRUCTIONS_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

enum { CLIENT_CONNECTIONS_MAX = 256 };

enum client_load {
	CLIENT_KEEP,  /* requests one after another on each connection */
	CLIENT_VARY,  /* the same, and no two have the same text */
	CLIENT_CLOSE, /* a connection for each request, which the server ends */
	CLIENT_SEND,
	CLIENT_RECEIVE,
	CLIENT_IDLE, /* connections are opened, and nothing else */
};

struct client_config {
	enum client_load load;
	uint16_t port;
	unsigned connections; /* at once */
	bool options;         /* offers timestamps and SACK, as operating systems do */
};

#include "bench/instructions/link.h"

/* What the link is to call. */
extern link_frame_fn *const client_receive;

/* Begins to connect. */
void client_start(const struct client_config *config);

/* Sends what is due, for the next round. */
void client_step(void);

/* Requests answered, or full segments' worth of bytes that have arrived. */
uint64_t client_units(void);

/* Connections that are established. */
unsigned client_established(void);

#endif
