/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "bench/peers/fata/least.h"
#include "hal/kv.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { HTTP_PORT = 80 };

int least_start(struct tcp *tcp, struct kv *pages)
{
	static const char name[] = "favicon.svg";
	struct kv_value page;

	if (kv_get(pages, name, strlen(name), &page) != OK)
		stop_with_error("there is no %s", name);
	least_serve(tcp, HTTP_PORT, page.bytes);
	boot_ready();
	fiber_park_forever();
}
