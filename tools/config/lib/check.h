/* SPDX-License-Identifier: ISC */
/*
 * Between the parts of check(); for nobody else.
 */
#ifndef TOOLS_CONFIG_LIB_CHECK_H
#define TOOLS_CONFIG_LIB_CHECK_H

#include "tools/config/lib/graph.h"

/* check_board.c: that the board has the devices of the image, and the memory. */
void check_board_needs(void);
void check_ram(const struct plan *plan);

#endif
