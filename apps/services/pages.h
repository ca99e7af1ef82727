/* SPDX-License-Identifier: ISC */
/*
 * What `services` serves over HTTP: "/" says what there is, "/20mb.bin" is generated while it is
 * sent, and a POST to "/sink" is counted and forgotten.
 */
#ifndef APPS_SERVICES_PAGES_H
#define APPS_SERVICES_PAGES_H

#include "net/http/http.h"

/* Ends with a NULL path, as http_set_routes() wants it. */
extern const struct http_route services_routes[];

#endif
