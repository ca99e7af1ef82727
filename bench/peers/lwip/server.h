/* SPDX-License-Identifier: ISC */
/*
 * The servers of the comparisons over lwIP's raw API: HTTP with one page on port 80 and 8080,
 * discard on 9, a source of bytes on 19. They are started once, after lwip_init(), and never stop.
 */
#ifndef BENCH_PEERS_LWIP_SERVER_H
#define BENCH_PEERS_LWIP_SERVER_H

#include <stddef.h>
#include <stdint.h>

/* `page`, which outlives the servers, is the body of every answer. */
void server_start(uint16_t http_port, const uint8_t *page, size_t page_bytes);

/* Bytes that an established connection takes from lwIP's pools while it holds no data. */
size_t server_connection_bytes(void);

#endif
