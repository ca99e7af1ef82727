/* SPDX-License-Identifier: ISC */
/* In a file of its own, like runtime/image.c. */
#include "base/attr.h"
#include "net/tcp/tcp.h"

WEAK const struct tcp_parts tcp_parts = {
	.timestamps = true,
	.reassembly = true,
	.prediction = true,
	.connect = true,
	.sack = true,
	.ecn = true,
	.mtu_probing = true,
	.cookies = true,
	.tuning = true,
	.keepalive = true,
};
