/* SPDX-License-Identifier: ISC */
/*
 * What the send queue consists of (send.c).
 */
#ifndef NET_TCP_SLICE_H
#define NET_TCP_SLICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

/* A run of bytes to send, in one word less where memory is scarce. */
#ifdef BOARD_IS_SMALL
#define TCP_SLICE_BITS(n) : n
#else
#define TCP_SLICE_BITS(n)
#endif
struct tcp_slice {
	struct tcp_slice *next;
	const uint8_t *data;
	uint32_t len TCP_SLICE_BITS(30);
	/* The owner is a packet of ours, to whose end more may be added; or somebody else's: one
	 * that was received, in an echo. */
	bool copied TCP_SLICE_BITS(1);
	bool pinned TCP_SLICE_BITS(1);
	struct ref *owner;
};

#endif
