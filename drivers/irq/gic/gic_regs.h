/* SPDX-License-Identifier: ISC */
/*
 * What the registers of GICv2 (Arm IHI 0048B, chapter 4) and GICv3 (Arm IHI 0069H, chapter 12) have
 * in common.
 */
#ifndef DRIVERS_IRQ_GIC_GIC_REGS_H
#define DRIVERS_IRQ_GIC_GIC_REGS_H

/*
 * Of lines: in the distributor of version 2; in that of version 3 for SPIs, and in the
 * redistributor's SGI frame for SGIs and PPIs. Registers with one bit a line hold 32 lines, with
 * one byte 4, with two bits 16.
 */
#define GIC_ISENABLER(n) (0x0100 + 4 * ((n) / 32))
#define GIC_ICENABLER(n) (0x0180 + 4 * ((n) / 32))
#define GIC_ICPENDR(n)   (0x0280 + 4 * ((n) / 32))
#define GIC_ICACTIVER(n) (0x0380 + 4 * ((n) / 32))
#define GIC_IPRIORITY(n) (0x0400 + (n))
#define GIC_ICFGR(n)     (0x0c00 + 4 * ((n) / 16))
#define GIC_ICFGR_EDGE   0x2u

/* Distributor. */
#define GICD_CTLR        0x0000
#define GICD_TYPER       0x0004
#define GICD_TYPER_LINES 0x1f /* number of lines / 32 - 1 */

/* INTIDs. */
#define GIC_SPI_FIRST     32
#define GIC_SPECIAL_FIRST 1020 /* to 1023: nothing is pending */
#define GIC_SPECIAL_LAST  1023

#endif
