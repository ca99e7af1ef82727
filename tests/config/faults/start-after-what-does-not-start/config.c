/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	key size = key_size("size", "1k", "how much");
	job_t job = job("app_start", store(NULL, NULL));

	start_after(job, size);
	start_after(size, store(NULL, NULL));
	start_after(store(NULL, NULL), job);
	unikernel("app", job);
}
