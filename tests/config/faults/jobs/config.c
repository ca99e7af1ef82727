/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	kv_t store = store(NULL, NULL);
	job_t job = job("app_start", store);
	job_t small = with_stack(job("b_start"), 100);

	unikernel("app", job, store, job, (job_t){NULL}, small, job("c_start", small));
}
