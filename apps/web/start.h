/* SPDX-License-Identifier: ISC */
/* What the application's jobs share, of which the configuration names one. */
#ifndef APPS_WEB_START_H
#define APPS_WEB_START_H

#include "apps/web/report.h"
#include "apps/web/web.h"
#include "net/capture/capture.h"
#include "net/metrics/metrics.h"
#include "net/websocket/websocket.h"

/* The routes about the image, from what the configuration hands to a job. */
struct web *web_prepare(struct http *http, struct kv *pages, struct websocket *ws,
			struct metrics *metrics, struct capture *capture, bool share);

/*
 * Gives the server its routes, which must outlive it, lets it serve, and reports. Returns the
 * status of the image, if at all.
 */
int web_serve(struct http *http, const struct http_route *routes,
	      const struct web_reports *reports);

#endif
