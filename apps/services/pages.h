/* SPDX-License-Identifier: ISC */
/*
 * What `services` serves over HTTP: "/" says what there is, "/20mb.bin" is generated while it is
 * sent, a POST to "/sink" is counted and forgotten, "/ws" is a WebSocket that echoes
 * messages, "/metrics" is for Prometheus and "/capture.pcapng" for Wireshark.
 */
#ifndef APPS_SERVICES_PAGES_H
#define APPS_SERVICES_PAGES_H

#include "net/capture/capture.h"
#include "net/http/http.h"
#include "net/metrics/metrics.h"
#include "net/websocket/websocket.h"

/* Gives the servers their routes and handlers, once. */
void pages_init(struct http *http, struct websocket *ws, struct metrics *metrics,
		struct capture *capture);

#endif
