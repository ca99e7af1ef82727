/* SPDX-License-Identifier: ISC */
/*
 * What bench/peers/lwip/server.c is for lwIP: the least servers there can be, on Fata's TCP. They
 * answer HTTP with one segment that never changes, discard on port 9, and send without end on
 * port 19. Once in an image.
 */
#ifndef BENCH_PEERS_FATA_LEAST_H
#define BENCH_PEERS_FATA_LEAST_H

#include <stdint.h>

#include "base/slice.h"
#include "net/tcp/tcp.h"

/* `page` lives as long as the image. Stops the image if a port is taken. */
void least_serve(struct tcp *tcp, uint16_t http_port, struct slice page);

#endif
