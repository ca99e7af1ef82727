/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	job_t job = job("app_start");

	unikernel("app", job);
	unikernel("other", job);
}
