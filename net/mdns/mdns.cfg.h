/* SPDX-License-Identifier: ISC */
/* A name and services on the link, without a server. */
#ifndef NET_MDNS_CFG_H
#define NET_MDNS_CFG_H

#include <fata/module.h>

#include "net/dhcp/dhcp.cfg.h"
#include "net/igmp/igmp.cfg.h"
#include "net/ndp/ndp.cfg.h"
#include "runtime/random/random.cfg.h"

SIGNATURE(mdns, "struct mdns *", "net/mdns/mdns.h");

struct mdns_options {
	const char *name; /* initial value of the key */
};

/* It is polled before what is below it: a change of addresses that is found there wakes it. */
#define FATA_MDNS_WATCH(WHAT)                                                                      \
	"\n\n"                                                                                     \
	"static void $self_" WHAT "_changed(struct " WHAT "_watcher *w, struct " WHAT              \
	" *below,\n\t\t\t\tuint64_t now_us)\n"                                                     \
	"{\n"                                                                                      \
	"\t(void)w;\n"                                                                             \
	"\t(void)below;\n"                                                                         \
	"\t(void)now_us;\n"                                                                        \
	"\twaker_wake(&$self.work);\n"                                                             \
	"}"
#define FATA_MDNS_WATCH_START(WHAT)                                                                \
	"static struct " WHAT "_watcher " WHAT "_watcher = {.changed = $self_" WHAT "_changed};\n" \
	"" WHAT "_watch($" WHAT ", &" WHAT "_watcher);\n"

/* Attached to the interface: whoever uses that has the name. */
static inline mdns_t mdns_over(udp_t udp, const struct mdns_options *o)
{
	struct fata_node *eth = fata_below(udp.node, "eth"), *ip = fata_below(udp.node, "ip");
	struct fata_node *ndp = fata_below(udp.node, "ndp");
	struct fata_node *dhcp = ip != NULL ? fata_above(ip, "dhcp") : NULL;
	const struct fata_spec spec = {
		.kind = "mdns",
		.about = "multicast DNS (RFC 6762)",
		.signature = &fata_signature_mdns,
		.modules = "net/mdns",
		.headers = fata_text("%s%shal/timer.h net/eth/eth.h net/mdns/mdns.h "
				     "runtime/fiber/fiber.h runtime/time.h",
				     dhcp != NULL ? "net/dhcp/dhcp.h " : "",
				     ndp != NULL ? "net/ndp/ndp.h " : ""),
		.state = fata_text("static struct mdns $self;%s%s",
				   dhcp != NULL ? FATA_MDNS_WATCH("dhcp") : "",
				   ndp != NULL ? FATA_MDNS_WATCH("ndp") : ""),
		.value = "&$self",
		.start = fata_text(
			"enum err e = mdns_init(&$self, $label, $udp, ($eth)->tx, $rng, $waker);\n"
			"if (e != OK)\n"
			"\treturn e;\n"
			"%s%s"
			"return mdns_start(&$self, time_now_us());",
			dhcp != NULL ? FATA_MDNS_WATCH_START("dhcp") : "",
			ndp != NULL ? FATA_MDNS_WATCH_START("ndp") : ""),
		.stop = "if (mdns_stop(&$self, time_now_us()))\n"
			"\tfiber_sleep(20 * US_PER_MS); /* for the device */",
		.poll = "mdns_poll(&$self, now_us)",
		.counters = "metrics_add($page, &mdns_counters, &$self.stats, $name);",
	};
	key label = {fata_key("string", fata_key_name(udp.node, "mdns"), o->name,
			      "name of the image below .local",
			      &(const struct fata_key_options){.stage = BOOT_TIME})};

	if (eth == NULL)
		fata_fault("mdns_over(): there is no Ethernet below whose packets it could use");
	struct fata_node *groups = ip != NULL ? (igmp_over)((ip_t){ip}).node : NULL;
	struct fata_node *node = fata_device(
		&spec, fata_name_over(udp.node, "mdns"),
		FATA_USES({"udp", udp.node}, {"eth", eth}, {"groups", groups}, {"dhcp", dhcp},
			  {"ndp", ndp}, {"rng", (default_rng)().node}, {"label", label.node}));
	if (eth != NULL)
		fata_attach(eth, node);
	return (mdns_t){node};
}

struct mdns_service_options {
	const char *instance, *txt;
};

/* A service that the image tells of; it is one because something else serves at the port. */
static inline mdns_t mdns_service(mdns_t mdns, const char *type, key port,
				  const struct mdns_service_options *o)
{
	const struct fata_spec spec = {
		.kind = "service",
		.about = fata_text("service %s (RFC 6763)", type),
		.signature = &fata_signature_mdns,
		.modules = "net/mdns",
		.headers = "net/mdns/mdns.h runtime/time.h",
		.value = "$mdns",
		.start = fata_text("const struct mdns_service service = {\n"
				   "\t.type = %s,\n"
				   "\t.instance = %s,\n"
				   "\t.txt = %s,\n"
				   "\t.port = $port,\n"
				   "};\n"
				   "return mdns_add_service($mdns, time_now_us(), &service);",
				   fata_quote(type), fata_quote(o->instance), fata_quote(o->txt)),
	};
	struct fata_node *node =
		fata_device(&spec, NULL, FATA_USES({"mdns", mdns.node}, {"port", port.node}));

	fata_attach(mdns.node, node);
	return mdns;
}

#define MDNS_DEFAULTS       .name = "fata"
#define MDNS_OPTIONS(...)   (&(const struct mdns_options){MDNS_DEFAULTS, __VA_ARGS__})
#define mdns_over(UDP, ...) FATA_HERE(mdns_over((UDP), MDNS_OPTIONS(__VA_ARGS__)))

#define MDNS_SERVICE_DEFAULTS .instance = "", .txt = ""
#define MDNS_SERVICE_OPTIONS(...)                                                                  \
	(&(const struct mdns_service_options){MDNS_SERVICE_DEFAULTS, __VA_ARGS__})
#define mdns_service(MDNS, TYPE, PORT, ...)                                                        \
	FATA_HERE(mdns_service((MDNS), (TYPE), (PORT), MDNS_SERVICE_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(mdns_over, "mdns_t mdns_over(udp_t udp, " FATA_TEXT_OF(MDNS_DEFAULTS) ")",
	    "a name of the image below .local, without a name server, and its services")
FATA_OFFERS(mdns_service,
	    "mdns_t mdns_service(mdns_t mdns, const char *type, key port, " FATA_TEXT_OF(
		    MDNS_SERVICE_DEFAULTS) ")",
	    "a service that others on the link find: \"_http._tcp\"; instance is its title")

#endif
