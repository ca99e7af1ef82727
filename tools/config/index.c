/* SPDX-License-Identifier: ISC */
/*
 * A configuration of nothing: the program that lists the tree's boards and devices.
 */
#include <fata/config.h>

void configure(void)
{
}
