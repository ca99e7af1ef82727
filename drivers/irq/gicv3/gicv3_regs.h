/* SPDX-License-Identifier: ISC */
/*
 * Registers of the GICv3 (Arm IHI 0069H, chapter 12).
 */
#ifndef DRIVERS_IRQ_GICV3_GICV3_REGS_H
#define DRIVERS_IRQ_GICV3_GICV3_REGS_H

/* Distributor, besides what all versions have (drivers/irq/gic/gic_regs.h). */
#define GICD_CTLR_GROUP0 (1u << 0) /* group 0, or group 1 as the non-secure side sees it */
#define GICD_CTLR_GROUP1 (1u << 1)
#define GICD_CTLR_ARE    (1u << 4) /* affinity routing: what makes it a version 3 */
#define GICD_CTLR_RWP    (1u << 31)
#define GICD_IROUTER(n)  (0x6000 + 8 * (n))
#define GICD_PIDR2       0xffe8
#define GICD_PIDR2_ARCH  0xf0

/* Redistributor: the RD frame, and 64 KiB behind it the SGI frame; version 4 has two more. */
#define GICR_CTLR                  0x0000
#define GICR_CTLR_RWP              (1u << 3)
#define GICR_TYPER_LOW             0x0008
#define GICR_TYPER_VLPIS           (1u << 1)
#define GICR_TYPER_LAST            (1u << 4)
#define GICR_TYPER_AFFINITY        0x000c
#define GICR_WAKER                 0x0014
#define GICR_WAKER_SLEEP           (1u << 1)
#define GICR_WAKER_CHILDREN_ASLEEP (1u << 2)
#define GICR_SGI_FRAME             0x10000
#define GICR_BYTES                 0x20000
#define GICR_BYTES_V4              0x40000

/* The same in the distributor for SPIs and in the SGI frame for SGIs and PPIs. */
#define GIC_IGROUPR(n) (0x0080 + 4 * ((n) / 32))

#endif
