/* SPDX-License-Identifier: ISC */
/* The board's flash memory: erased, programmed, read. */
#include <fata/config.h>

void configure(void)
{
	unikernel("flash", job("flash_test", default_flash()));
}
