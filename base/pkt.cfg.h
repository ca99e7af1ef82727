/* SPDX-License-Identifier: ISC */
/* Pools of packets. */
#ifndef BASE_PKT_CFG_H
#define BASE_PKT_CFG_H

#include <fata/module.h>

#include "runtime/heap/heap.cfg.h"

/* BOARD_IS_SMALL of its board.mk. */
static inline bool fata_board_is_small(void)
{
	return strcmp(fata_this_board()->arch, "armv7m") == 0;
}

/* A pool whose name is NULL, or a person's or a device's choice. */
static inline packets_t fata_packets(const char *name, unsigned count, unsigned bytes,
				     const char *use, bool received)
{
	enum { COUNT_MAX = 1 << 20, BYTES_MIN = 192, BYTES_MAX = 1 << 16 };
	/* struct pkt in front of each buffer, with both on cache lines of their own; it has fewer
	 * pieces where memory is scarce. */
	const bool is_small = fata_board_is_small();
	const unsigned header_bytes = is_small ? 96 : 256, piece_bytes = 32;

	if (count < 1 || count > COUNT_MAX || bytes < BYTES_MIN || bytes > BYTES_MAX)
		fata_fault("a pool of %u packets of %u bytes: expected 1 to %u packets of %u to "
			   "%u bytes",
			   count, bytes, COUNT_MAX, BYTES_MIN, BYTES_MAX);
	const struct fata_spec spec = {
		.kind = "packets",
		.about = fata_text("pool of %u packets of %u bytes", count, bytes),
		.signature = &fata_signature_packets,
		.modules = "base",
		.headers = "base/attr.h base/pkt.h runtime/heap/heap.h",
		.state = "static struct pkt_pool $self;",
		.value = "&$self",
		.start = fata_text("pkt_%spool_init(&$self,\n"
				   "\t      memory_take(\"%s\", CACHE_LINE_BYTES, "
				   "PKT_%sPOOL_BYTES(%u, %u)),\n"
				   "\t      %u, %u);\n"
				   "return OK;",
				   received ? "rx_" : "", use, received ? "RX_" : "", count, bytes,
				   count, bytes),
		.ram_bytes = (uint64_t)count * (bytes + header_bytes),
		.ram_bytes_of_v6 = is_small && received ? (uint64_t)count * piece_bytes : 0,
		.ram_use = use,
		.counters = "metrics_add($page, &pool_counters, &$self.pool, $name);",
	};
	return (packets_t){fata_device(&spec, name, FATA_USES({"heap", fata_heap()}))};
}

static inline packets_t packet_pool(unsigned count, unsigned bytes)
{
	return fata_packets(NULL, count, bytes, "packets", false);
}
#define packet_pool(COUNT, BYTES) FATA_HERE(packet_pool((COUNT), (BYTES)))

FATA_OFFERS(packet_pool, "packets_t packet_pool(unsigned count, unsigned bytes)",
	    "packets to build and send, shared by those that get it")

#endif
