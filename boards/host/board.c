/* SPDX-License-Identifier: ISC */
/*
 * A process on the build machine. See boards/soc/linux.
 */
#include "hal/board.h"

const char board_name[] = "host";
