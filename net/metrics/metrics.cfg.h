/* SPDX-License-Identifier: ISC */
/* Counters as a page. */
#ifndef NET_METRICS_CFG_H
#define NET_METRICS_CFG_H

#include <fata/module.h>

SIGNATURE(metrics, "struct metrics *", "net/metrics/metrics.h");

static inline metrics_t metrics_page(void)
{
	const struct fata_spec spec = {
		.kind = "metrics",
		.about = "counters of all devices, as Prometheus reads them",
		.signature = &fata_signature_metrics,
		.modules = "net/metrics",
		.headers = "net/metrics/metrics.h",
		.state = "static struct metrics $self;",
		.value = "&$self",
		.start = "metrics_init(&$self);\n$counters\nreturn OK;",
		.late = true,
	};
	return (metrics_t){fata_device(&spec, NULL, FATA_USES())};
}
#define metrics_page() FATA_HERE(metrics_page())

FATA_OFFERS(metrics_page, "metrics_t metrics_page(void)",
	    "a page for Prometheus of what all devices count; a job gives it a route")

#endif
