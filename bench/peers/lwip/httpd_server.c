/* SPDX-License-Identifier: ISC */
/* In the place of server.c: lwIP's own HTTP server, which has its page (httpd_page.h) in it. */
#include "bench/peers/lwip/server.h"

#include "lwip/apps/httpd.h"

void server_start(uint16_t http_port, const uint8_t *page, size_t page_bytes)
{
	(void)http_port; /* HTTPD_SERVER_PORT, which is the same */
	(void)page;
	(void)page_bytes;
	httpd_init();
}
