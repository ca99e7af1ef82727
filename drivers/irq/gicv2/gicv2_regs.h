/* SPDX-License-Identifier: ISC */
/*
 * Registers of the GICv2 (Arm IHI 0048B, chapter 4).
 */
#ifndef DRIVERS_IRQ_GICV2_GICV2_REGS_H
#define DRIVERS_IRQ_GICV2_GICV2_REGS_H

/* Distributor. Registers with one bit a line hold 32 lines, with one byte 4, with two bits 16. */
#define GICD_CTLR         0x000
#define GICD_CTLR_ENABLE  0x1
#define GICD_TYPER        0x004
#define GICD_TYPER_LINES  0x1f /* number of lines / 32 - 1 */
#define GICD_ISENABLER(n) (0x100 + 4 * ((n) / 32))
#define GICD_ICENABLER(n) (0x180 + 4 * ((n) / 32))
#define GICD_ICPENDR(n)   (0x280 + 4 * ((n) / 32))
#define GICD_ICACTIVER(n) (0x380 + 4 * ((n) / 32))
#define GICD_IPRIORITY(n) (0x400 + (n))
#define GICD_ITARGETS(n)  (0x800 + (n))
#define GICD_ICFGR(n)     (0xc00 + 4 * ((n) / 16))
#define GICD_ICFGR_EDGE   0x2u
#define GICD_PIDR2        0xfe8
#define GICD_PIDR2_ARCH   0xf0

/* CPU interface. */
#define GICC_CTLR        0x000
#define GICC_CTLR_ENABLE 0x1
#define GICC_PMR         0x004
#define GICC_BPR         0x008
#define GICC_IAR         0x00c
#define GICC_IAR_INTID   0x3ff
#define GICC_EOIR        0x010

/* INTIDs. */
#define GIC_SPI_FIRST     32
#define GIC_SPECIAL_FIRST 1020 /* from here on: nothing is pending */

#endif
