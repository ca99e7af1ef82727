/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	tcp_t tcp = transport_over(layer_over(port(NULL, 0)), .bytes = 2000000);
	job_t job = with_stack(job("app_start", tcp), 100000);

	unikernel("app", job);
}
