/* SPDX-License-Identifier: ISC */
/*
 * Registers of virtio over PCI: section 4.1. Fields are accessed at their own width, and 64-bit
 * ones as two of 32 bits; all are little-endian.
 */
#ifndef DRIVERS_VIRTIO_PCI_VIRTIO_PCI_REGS_H
#define DRIVERS_VIRTIO_PCI_VIRTIO_PCI_REGS_H

/* Section 4.1.2. A transitional device has its type as its subsystem's. */
#define VIRTIO_PCI_VENDOR              0x1af4
#define VIRTIO_PCI_DEVICE_TRANSITIONAL 0x1000
#define VIRTIO_PCI_DEVICE_MODERN       0x1040
#define VIRTIO_PCI_DEVICE_LAST         0x107f

/* Section 4.1.4: the capability. */
#define VIRTIO_PCI_CAP_TYPE       0 /* in bits 31:24 of the first word */
#define VIRTIO_PCI_CAP_BAR        4 /* in bits 7:0 */
#define VIRTIO_PCI_CAP_OFFSET     8
#define VIRTIO_PCI_CAP_LENGTH     12
#define VIRTIO_PCI_CAP_BYTES      16
#define VIRTIO_PCI_CAP_MULTIPLIER 16 /* behind that of notifications */

#define VIRTIO_PCI_TYPE_COMMON 1
#define VIRTIO_PCI_TYPE_NOTIFY 2
#define VIRTIO_PCI_TYPE_ISR    3
#define VIRTIO_PCI_TYPE_DEVICE 4

/* Section 4.1.4.3: the common configuration. */
#define VIRTIO_PCI_DEVICE_FEATURES_SEL 0x00
#define VIRTIO_PCI_DEVICE_FEATURES     0x04
#define VIRTIO_PCI_DRIVER_FEATURES_SEL 0x08
#define VIRTIO_PCI_DRIVER_FEATURES     0x0c
#define VIRTIO_PCI_CONFIG_VECTOR       0x10 /* 16 */
#define VIRTIO_PCI_STATUS              0x14 /* 8 */
#define VIRTIO_PCI_CONFIG_GENERATION   0x15 /* 8 */
#define VIRTIO_PCI_QUEUE_SEL           0x16 /* 16 */
#define VIRTIO_PCI_QUEUE_SIZE          0x18 /* 16 */
#define VIRTIO_PCI_QUEUE_VECTOR        0x1a /* 16 */
#define VIRTIO_PCI_QUEUE_ENABLE        0x1c /* 16 */
#define VIRTIO_PCI_QUEUE_NOTIFY_OFF    0x1e /* 16 */
#define VIRTIO_PCI_QUEUE_DESC          0x20 /* 64 */
#define VIRTIO_PCI_QUEUE_DRIVER        0x28 /* 64 */
#define VIRTIO_PCI_QUEUE_DEVICE        0x30 /* 64 */
#define VIRTIO_PCI_COMMON_BYTES        0x38

#define VIRTIO_PCI_NO_VECTOR 0xffff

#endif
