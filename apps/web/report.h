/* SPDX-License-Identifier: ISC */
/*
 * Reports: what /status.json says, sent by POST to a server that collects it, over and over. So a
 * machine is heard of that nobody can ask, behind a translator of addresses for instance.
 */
#ifndef APPS_WEB_REPORT_H
#define APPS_WEB_REPORT_H

#include "apps/web/web.h"
#include "net/http_client/http_client.h"

struct web_reports {
	struct http_client *client;
	const char *url; /* of the collector; "": there are none */
	uint16_t every_s;
};

/*
 * Sends reports about *web as long as the fiber is not cancelled; returns 0 then, and 1 for a URL
 * that is none, which the log says. Another answer than the last one, or error, is logged; after an
 * error the next report comes soon. Blocks.
 */
int web_report(struct web *web, const struct web_reports *to);

#endif
