/* SPDX-License-Identifier: ISC */
/*
 * What lwIP asks of a compiler and a platform: 64-bit or 32-bit, little-endian, GCC or clang. lwIP
 * includes it by its name, which is its own.
 */
#ifndef BENCH_PEERS_LWIP_CC_H
#define BENCH_PEERS_LWIP_CC_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/* lwIP would define ssize_t where a C library does not tell its range. */
#ifndef SSIZE_MAX
#define SSIZE_MAX INTPTR_MAX
#endif

#ifndef BYTE_ORDER
#define BYTE_ORDER LITTLE_ENDIAN
#endif

/* One instruction each, where lwIP's own functions shift and mask. */
#define lwip_htons(x) __builtin_bswap16(x)
#define lwip_htonl(x) __builtin_bswap32(x)

uint32_t lwip_random(void);
#define LWIP_RAND() lwip_random()

#define LWIP_PLATFORM_DIAG(x)                                                                      \
	do {                                                                                       \
		printf x;                                                                          \
	} while (0)

#endif
