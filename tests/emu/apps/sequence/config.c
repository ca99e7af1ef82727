/* SPDX-License-Identifier: ISC */
/* three jobs that nothing can make wait, in an image without fibers */
#include <fata/config.h>

void configure(void)
{
	key status = key_u32("status", 0, "status that the first job ends with", .max = 255);

	unikernel("sequence", job("one", status), job("two"), job("three"));
}
