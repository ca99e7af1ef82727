/* SPDX-License-Identifier: ISC */
#include "bench/instructions/lwip/own_http.h"

#include "lwip/apps/httpd.h"

void own_http_start(void)
{
	httpd_init();
}
