/* SPDX-License-Identifier: ISC */
/* The client that sets the time of day. */
#ifndef NET_SNTP_CFG_H
#define NET_SNTP_CFG_H

#include <fata/module.h>

#include "hal/board.cfg.h"
#include "runtime/random/random.cfg.h"

SIGNATURE(sntp, "struct sntp *", "net/sntp/sntp.h");

struct sntp_options {
	const char *servers; /* initial value of the key */
};

/* Without servers of its own it takes those that a lease names, and the next lease's instead. */
#define FATA_SNTP_WATCH                                                                            \
	"static void $self_changed(struct dhcp_watcher *w, struct dhcp *dhcp, uint64_t now_us)\n"  \
	"{\n"                                                                                      \
	"\tconst struct dhcp_lease *lease = dhcp_lease(dhcp);\n"                                   \
	"\n"                                                                                       \
	"\t(void)w;\n"                                                                             \
	"\tif (lease != NULL)\n"                                                                   \
	"\t\tsntp_replace_servers_v4(&$self, now_us, lease->ntp.addr, lease->ntp.n);\n"            \
	"}"

static inline sntp_t sntp_client(udp_t udp, resolver_t resolver, const struct sntp_options *o)
{
	enum { SERVERS_MAX = 4 };
	struct fata_node *eth = fata_below(udp.node, "eth"), *ip = fata_below(udp.node, "ip");
	struct fata_node *dhcp = ip != NULL ? fata_above(ip, "dhcp") : NULL;
	key servers = {fata_key_list(fata_key_name(udp.node, "ntp"), "string", SERVERS_MAX,
				     o->servers,
				     dhcp != NULL ? "servers of the time, instead of DHCP's"
						  : "servers of the time, names or addresses",
				     &(const struct fata_key_options){.stage = BOOT_TIME})};

	if (eth == NULL)
		fata_fault("sntp_client(): there is no Ethernet below whose packets it could use");
	const struct fata_spec spec = {
		.kind = "sntp",
		.about = "SNTP client (RFC 4330)",
		.signature = &fata_signature_sntp,
		.modules = dhcp != NULL ? "net/sntp net/dhcp" : "net/sntp",
		.headers = dhcp != NULL ? "net/dhcp/dhcp.h net/eth/eth.h net/sntp/sntp.h "
					  "runtime/args.h runtime/time.h"
					: "net/eth/eth.h net/sntp/sntp.h runtime/args.h "
					  "runtime/time.h",
		.state = dhcp != NULL ? "static struct sntp $self;\n\n" FATA_SNTP_WATCH
				      : "static struct sntp $self;",
		.value = "&$self",
		.start = fata_text("const struct key_list *names = $servers;\n"
				   "sntp_init(&$self, $wall, $udp, ($eth)->tx, $rng, %s, $waker);\n"
				   "for (unsigned i = 0; i < names->count; i++) {\n"
				   "\tenum err e = sntp_add_server(&$self, "
				   "((const char *const *)names->items)[i]);\n"
				   "\tif (e != OK)\n"
				   "\t\treturn e;\n"
				   "}\n"
				   "%s"
				   "sntp_start(&$self, time_now_us());\n"
				   "return OK;",
				   resolver.node != NULL ? "$resolver" : "NULL",
				   dhcp != NULL ? "static struct dhcp_watcher watcher = "
						  "{.changed = $self_changed};\n"
						  "if (names->count == 0)\n"
						  "\tdhcp_watch($dhcp, &watcher);\n"
						: ""),
		.poll = "sntp_poll(&$self, now_us)",
		.counters = "metrics_add($page, &sntp_counters, &$self.stats, $name);",
	};
	struct fata_node *wall = (wall_clock)().node;
	struct fata_node *node =
		fata_device(&spec, fata_name_over(udp.node, "sntp"),
			    FATA_USES({"udp", udp.node}, {"resolver", resolver.node}, {"eth", eth},
				      {"rng", (default_rng)().node}, {"servers", servers.node},
				      {"wall", wall}, {"dhcp", dhcp}));
	if (eth != NULL)
		fata_attach(eth, node);
	fata_attach(wall, node);
	return (sntp_t){node};
}

#define SNTP_DEFAULTS     .servers = ""
#define SNTP_OPTIONS(...) (&(const struct sntp_options){SNTP_DEFAULTS, __VA_ARGS__})
#define sntp_client(UDP, RESOLVER, ...)                                                            \
	FATA_HERE(sntp_client((UDP), (RESOLVER), SNTP_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(sntp_client,
	    "sntp_t sntp_client(udp_t udp, resolver_t resolver, " FATA_TEXT_OF(SNTP_DEFAULTS) ")",
	    "sets the time of day from --ntp or DHCP's servers; resolver, for names, may be {NULL}")

#endif
