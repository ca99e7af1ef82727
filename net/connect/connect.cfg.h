/* SPDX-License-Identifier: ISC */
/* Connections by name. */
#ifndef NET_CONNECT_CFG_H
#define NET_CONNECT_CFG_H

#include <fata/module.h>

#include "runtime/heap/heap.cfg.h"

struct connect_options {
	unsigned requests; /* at one time */
	bool ipv4_only;    /* though the network layer has IPv6 */
};

static inline connector_t connect_over(tcp_t tcp, resolver_t names, const struct connect_options *o)
{
	enum { COUNT_MAX = 1000, REQUEST_BYTES = 600 };
	bool both = fata_below(tcp.node, "ipv6") != NULL && !o->ipv4_only;

	if (o->requests < 1 || o->requests > COUNT_MAX)
		fata_fault("connect_over() with %u requests: expected 1 to %u", o->requests,
			   COUNT_MAX);
	const struct fata_spec spec = {
		.kind = "connect",
		.about = both ? "connections by name (RFC 8305)" : "connections by name",
		.signature = &fata_signature_connector,
		.modules = "net/connect",
		.headers = "net/connect/connect.h runtime/heap/heap.h",
		.state = "static struct connect *$self;",
		.value = "connect_connector($self)",
		.start = fata_text("static const struct connect_config config = {\n"
				   "\t.requests = %u,\n"
				   "\t.families = %s,\n"
				   "};\n"
				   "void *memory = memory_take(\"connections by name\", 8,\n"
				   "\t\t\t   connect_memory_bytes(&config));\n"
				   "$self = connect_init(memory, &config, $tcp, %s, $waker);\n"
				   "return OK;",
				   o->requests, both ? "&connect_both_families" : "NULL",
				   names.node != NULL ? "$names" : "NULL"),
		.counters = "metrics_add($page, &connect_counters, connect_stats($self), $name);",
		.poll = "connect_poll($self, now_us)",
		.ram_bytes = (uint64_t)o->requests * REQUEST_BYTES,
		.ram_use = "requests",
	};
	return (connector_t){fata_device(
		&spec, fata_name_over(tcp.node, "connect"),
		FATA_USES({"tcp", tcp.node}, {"names", names.node}, {"heap", fata_heap()}))};
}

#define CONNECT_DEFAULTS     .requests = 4, .ipv4_only = false
#define CONNECT_OPTIONS(...) (&(const struct connect_options){CONNECT_DEFAULTS, __VA_ARGS__})
#define connect_over(TCP, NAMES, ...)                                                              \
	FATA_HERE(connect_over((TCP), (NAMES), CONNECT_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(
	connect_over,
	"connector_t connect_over(tcp_t tcp, resolver_t names, " FATA_TEXT_OF(CONNECT_DEFAULTS) ")",
	"TCP connections to hosts by name; without names, {NULL}, to addresses only")

#endif
