/* SPDX-License-Identifier: ISC */
/* Log lines for a server. */
#ifndef NET_SYSLOG_CFG_H
#define NET_SYSLOG_CFG_H

#include <fata/module.h>

#include "hal/board.cfg.h"
#include "runtime/random/random.cfg.h"

SIGNATURE(syslog, "struct syslog *", "net/syslog/syslog.h");

struct syslog_options {
	const char *server; /* initial value of the key */
	const char *hostname, *app_name;
	unsigned facility, lines;
	const char *level; /* a C expression */
};

static inline void fata_syslog_check(const struct fata_node *eth, const struct syslog_options *o)
{
	enum { FACILITY_MAX = 23, LINES_MAX = 65535 };

	if (eth == NULL)
		fata_fault("syslog_to(): there is no Ethernet below whose packets it could use");
	if (o->facility > FACILITY_MAX)
		fata_fault("syslog with facility %u: expected 0 to %u", o->facility, FACILITY_MAX);
	if (o->lines < 1 || o->lines > LINES_MAX)
		fata_fault("syslog with %u lines: expected 1 to %u", o->lines, LINES_MAX);
}

static inline syslog_t syslog_to(udp_t udp, const struct syslog_options *o)
{
	struct fata_node *eth = fata_below(udp.node, "eth");
	key server = {fata_key("string", fata_key_name(udp.node, "syslog"), o->server,
			       "server of syslog that gets the log, as ADDRESS or ADDRESS:PORT",
			       &(const struct fata_key_options){.stage = BOOT_TIME})};

	fata_syslog_check(eth, o);
	const struct fata_spec spec = {
		.kind = "syslog",
		.about = "log lines for a server (RFC 5424)",
		.signature = &fata_signature_syslog,
		.modules = "net/syslog",
		.headers = "base/log.h net/eth/eth.h net/syslog/syslog.h",
		.state = fata_text("static struct syslog $self;\n"
				   "static struct syslog_line $self_lines[%u];",
				   o->lines),
		.value = "&$self",
		.start = fata_text("const struct syslog_config config = {\n"
				   "\t.server = $server,\n"
				   "\t.hostname = %s,\n"
				   "\t.app_name = %s,\n"
				   "\t.facility = %u,\n"
				   "\t.level = %s,\n"
				   "};\n"
				   "if (config.server[0] == '\\0')\n"
				   "\treturn OK;\n"
				   "enum err e = syslog_init(&$self, &config, $self_lines, %u, "
				   "$udp, ($eth)->tx, $wall, $waker);\n"
				   "if (e == OK)\n"
				   "\tlog_add_sink(&$self.sink);\n"
				   "return e;",
				   fata_quote(o->hostname), fata_quote(o->app_name), o->facility,
				   o->level, o->lines),
		.poll = "syslog_poll(&$self, now_us)",
		.counters = "metrics_add($page, &syslog_counters, &$self.stats, $name);",
	};
	struct fata_node *node =
		fata_device(&spec, fata_name_over(udp.node, "syslog"),
			    FATA_USES({"udp", udp.node}, {"eth", eth},
				      {"wall", (wall_clock)().node}, {"server", server.node}));
	if (eth != NULL)
		fata_attach(eth, node);
	return (syslog_t){node};
}

#define SYSLOG_DEFAULTS                                                                            \
	.server = "", .hostname = "", .app_name = "fata", .facility = 16, .level = "LOG_INFO",     \
	.lines = 32
#define SYSLOG_OPTIONS(...) (&(const struct syslog_options){SYSLOG_DEFAULTS, __VA_ARGS__})
#define syslog_to(UDP, ...) FATA_HERE(syslog_to((UDP), SYSLOG_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(syslog_to, "syslog_t syslog_to(udp_t udp, " FATA_TEXT_OF(SYSLOG_DEFAULTS) ")",
	    "sends the log to the server of --syslog; a hostname of \"\" is the own address")

#endif
