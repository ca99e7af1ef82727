/* SPDX-License-Identifier: ISC */
#include "tests/unit/virtio_net/fixture.h"

int main(void)
{
	return run_send_tests() + run_receive_tests() + run_coalesce_tests() + run_device_tests();
}
