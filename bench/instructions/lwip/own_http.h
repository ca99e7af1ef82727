/* SPDX-License-Identifier: ISC */
/* lwIP's own HTTP server, apart from Fata's headers, with which lwIP's share names. */
#ifndef BENCH_INSTRUCTIONS_LWIP_OWN_HTTP_H
#define BENCH_INSTRUCTIONS_LWIP_OWN_HTTP_H

/* Serves on port 80. After lwip_init(). */
void own_http_start(void);

#endif
