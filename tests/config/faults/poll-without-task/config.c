/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

#include <fata/module.h>

void configure(void)
{
	static const struct fata_spec spec = {
		.kind = "odd", .value = "1", .poll = "odd_poll(now_us)"};

	unikernel("app", job("app_start", (kv_t){fata_device(&spec, NULL, FATA_USES())}));
}
