/* SPDX-License-Identifier: ISC */
/*
 * Registers of the timers of Arm's Cortex-M System Design Kit (Arm DDI 0479, 4.4 and 4.5).
 */
#ifndef DRIVERS_TIMER_CMSDK_TIMER_CMSDK_TIMER_REGS_H
#define DRIVERS_TIMER_CMSDK_TIMER_CMSDK_TIMER_REGS_H

/* The APB timer: counts down, and starts again at its reload value. */
#define CMSDK_TIMER_CTRL        0x00
#define CMSDK_TIMER_CTRL_ENABLE (1u << 0)
#define CMSDK_TIMER_CTRL_INT    (1u << 3)
#define CMSDK_TIMER_VALUE       0x04
#define CMSDK_TIMER_RELOAD      0x08
#define CMSDK_TIMER_INT         0x0c /* write 1: clear */

/* The first of the two of the dual timer. */
#define CMSDK_DUAL_LOAD          0x00
#define CMSDK_DUAL_VALUE         0x04
#define CMSDK_DUAL_CTRL          0x08
#define CMSDK_DUAL_CTRL_32_BITS  (1u << 1)
#define CMSDK_DUAL_CTRL_INT      (1u << 5)
#define CMSDK_DUAL_CTRL_PERIODIC (1u << 6)
#define CMSDK_DUAL_CTRL_ENABLE   (1u << 7)
#define CMSDK_DUAL_INT_CLEAR     0x0c
#define CMSDK_DUAL_INT           0x10 /* bit 0: it has passed zero */

#endif
