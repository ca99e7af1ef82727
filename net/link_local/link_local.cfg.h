/* SPDX-License-Identifier: ISC */
/* Link-local addresses of IPv4, for a client of DHCP: dhcp_ipv4(.link_local = true). */
#ifndef NET_LINK_LOCAL_CFG_H
#define NET_LINK_LOCAL_CFG_H

#include <fata/module.h>

static inline struct fata_node *fata_link_local(struct fata_node *dhcp)
{
	static const struct fata_spec spec = {
		.kind = "link-local",
		.about = "IPv4 link-local addresses (RFC 3927)",
		.modules = "net/link_local",
		.headers = "net/link_local/link_local.h runtime/loop/loop.h",
		.state = "static struct link_local $self;",
		.value = "&$self",
		.start = "link_local_start(&$self, $dhcp, time_now_us());\nreturn OK;",
		.poll = "link_local_poll(&$self, now_us)",
		.counters = "metrics_add($page, &link_local_counters, &$self.stats, $name);",
	};
	return fata_device(&spec, fata_name_over(dhcp, "link-local"), FATA_USES({"dhcp", dhcp}));
}

#endif
