/* SPDX-License-Identifier: ISC */
/*
 * Registers of the GICv2 (Arm IHI 0048B, chapter 4).
 */
#ifndef DRIVERS_IRQ_GICV2_GICV2_REGS_H
#define DRIVERS_IRQ_GICV2_GICV2_REGS_H

/* Distributor, besides what all versions have (drivers/irq/gic/gic_regs.h). */
#define GICD_CTLR_ENABLE 0x1
#define GICD_ITARGETS(n) (0x800 + (n))
#define GICD_PIDR2       0xfe8
#define GICD_PIDR2_ARCH  0xf0

/* CPU interface. */
#define GICC_CTLR        0x000
#define GICC_CTLR_ENABLE 0x1
#define GICC_PMR         0x004
#define GICC_BPR         0x008
#define GICC_IAR         0x00c
#define GICC_IAR_INTID   0x3ff
#define GICC_EOIR        0x010

#endif
