/* SPDX-License-Identifier: ISC */
/* Fragments of IPv4 or IPv6, both ways. */
#ifndef NET_FRAGMENTS_CFG_H
#define NET_FRAGMENTS_CFG_H

#include <fata/module.h>

#include "runtime/heap/heap.cfg.h"
#include "runtime/random/random.cfg.h"

/* As struct reassembly_config of net/fragments/reassembly.h. */
struct fragments_options {
	unsigned datagrams, packets, large;
};

static inline void fata_fragments_check(const struct fragments_options *o)
{
	enum { DATAGRAMS_MAX = 64, PACKETS_MIN = 4, PACKETS_MAX = 4096, LARGE_MAX = 64 };

	if (o->datagrams < 1 || o->datagrams > DATAGRAMS_MAX)
		fata_fault("fragments of %u datagrams: expected 1 to %u", o->datagrams,
			   DATAGRAMS_MAX);
	if (o->packets < PACKETS_MIN || o->packets > PACKETS_MAX)
		fata_fault("fragments in %u packets: expected %u to %u", o->packets, PACKETS_MIN,
			   PACKETS_MAX);
	if (o->large > LARGE_MAX)
		fata_fault("fragments with %u buffers of 64 KiB: expected %u at most", o->large,
			   LARGE_MAX);
}

static inline fragments_t fragments_over(ip_t ip, const struct fragments_options *o)
{
	enum { DATAGRAM_BYTES = 80, LARGE_BYTES = 65536 + 256 }; /* each takes at least */
	struct fata_node *eth = fata_below(ip.node, "eth");
	bool v4 = fata_below(ip.node, "ip") == ip.node, v6 = fata_below(ip.node, "ipv6") == ip.node;

	if ((!v4 && !v6) || eth == NULL)
		fata_fault("fragments_over() takes a layer of IPv4 or IPv6");
	fata_fragments_check(o);
	const char *family = v6 ? "ipv6" : "ipv4";
	const struct fata_spec spec = {
		.kind = "fragments",
		.about = fata_text("fragments of %u datagrams at once", o->datagrams),
		.signature = &fata_signature_fragments,
		.modules = fata_text("net/%s/fragments", family),
		.headers = fata_text("base/attr.h base/list.h net/eth/eth.h "
				     "net/%s/fragments/%s_fragments.h runtime/heap/heap.h",
				     family, family),
		.state = "static struct reassembly *$self;",
		.value = "$self",
		.start = fata_text("static const struct reassembly_config config = {\n"
				   "\t.datagrams = %u,\n"
				   "\t.packets = %u,\n"
				   "\t.large = %u,\n"
				   "};\n"
				   "static struct %s out;\n"
				   "struct %s *layer = container_of($ip, struct %s, ip);\n"
				   "void *memory = memory_take(\"fragments\", CACHE_LINE_BYTES,\n"
				   "\t\t\t   reassembly_memory_bytes(&config));\n"
				   "$self = %s_reassembly_init(layer, memory, &config);\n"
				   "%s_fragmenter_init(&out, layer, ($eth)->tx, $rng);\n"
				   "return OK;",
				   o->datagrams, o->packets, o->large,
				   v6 ? "ipv6_fragmenter" : "fragmenter", family, family, family,
				   family),
		.poll = "reassembly_poll($self, now_us)",
		.counters = "metrics_add($page, &reassembly_counters,\n"
			    "\t    reassembly_stats($self), $name);",
		.ram_bytes = (uint64_t)o->datagrams * DATAGRAM_BYTES +
			     (uint64_t)o->large * LARGE_BYTES,
		.ram_use = "fragments",
	};
	return (fragments_t){
		fata_device(&spec, fata_name_over(ip.node, "fragments"),
			    FATA_USES({"ip", ip.node}, {"eth", eth}, {"rng", (default_rng)().node},
				      {"heap", fata_heap()}))};
}

/* Two large ones: drivers may keep what is sent, an echo of the first, until the next is. */
#define FRAGMENTS_DEFAULTS      .datagrams = 8, .packets = 64, .large = 2
#define FRAGMENTS_OPTIONS(...)  (&(const struct fragments_options){FRAGMENTS_DEFAULTS, __VA_ARGS__})
#define fragments_over(IP, ...) FATA_HERE(fragments_over((IP), FRAGMENTS_OPTIONS(__VA_ARGS__)))

/*
 * What the options `fragments` and `large_datagrams` of a network layer stand for: none for 0
 * datagrams.
 */
static inline void fata_with_fragments(ip_t ip, unsigned datagrams, unsigned large)
{
	struct fragments_options o = *FRAGMENTS_OPTIONS();

	o.datagrams = datagrams;
	o.large = large;
	if (datagrams > 0)
		fata_attach(ip.node, (fragments_over)(ip, &o).node);
}

FATA_OFFERS(
	fragments_over, "fragments_t fragments_over(ip_t ip, " FATA_TEXT_OF(FRAGMENTS_DEFAULTS) ")",
	"fragments of IPv4 or IPv6 in and out; large: buffers of 64 KiB for those in many fragments")

#endif
