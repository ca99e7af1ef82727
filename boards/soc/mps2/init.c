/* SPDX-License-Identifier: ISC */
/*
 * The console and the memory. There is no loader that says anything.
 */
#include "arch/image.h"
#include "base/attr.h"
#include "boards/soc/mps2/mps2.h"
#include "drivers/timer/cmsdk_timer/cmsdk_timer.h"
#include "drivers/uart/cmsdk_uart/cmsdk_uart.h"
#include "hal/board.h"

enum { BAUD = 115200 };

enum err board_init(const struct boot *boot)
{
	(void)boot;
	cmsdk_timer_begin(MPS2_DUAL_BASE);
	cmsdk_uart_init(container_of(board_console(), struct cmsdk_uart, uart), MPS2_HZ, BAUD);
	return OK;
}

char *board_bootargs(void)
{
	return NULL;
}

struct board_memory board_memory(void)
{
	const uintptr_t end = (uintptr_t)RAM_START + RAM_BYTES;

	return (struct board_memory){
		.start = image_end,
		.bytes = end - (uintptr_t)image_end,
		.total_bytes = RAM_BYTES,
		.image_bytes = (size_t)((uintptr_t)image_end - RAM_START),
	};
}

/* Nothing here is unpredictable. */
uint64_t board_guard_seed(void)
{
	return 0;
}
