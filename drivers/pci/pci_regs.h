/* SPDX-License-Identifier: ISC */
/*
 * Configuration space: PCI Local Bus Specification 3.0, section 6.1, and PCI-to-PCI Bridge
 * Architecture 1.2, section 3.2. Offsets of 32-bit words, little-endian.
 */
#ifndef DRIVERS_PCI_PCI_REGS_H
#define DRIVERS_PCI_PCI_REGS_H

#define PCI_ID           0x00 /* vendor, device */
#define PCI_COMMAND      0x04 /* command, status */
#define PCI_CLASS        0x08
#define PCI_HEADER       0x0c /* bits 23:16: header type */
#define PCI_BAR(n)       (0x10 + 4 * (n))
#define PCI_BUSES        0x18 /* of a bridge: primary, secondary, subordinate */
#define PCI_SUBSYSTEM    0x2c /* vendor, device */
#define PCI_CAPABILITIES 0x34
#define PCI_INTERRUPT    0x3c /* line, pin */

#define PCI_COMMAND_MEMORY  (1u << 1)
#define PCI_COMMAND_MASTER  (1u << 2)
#define PCI_COMMAND_NO_INTX (1u << 10)
#define PCI_COMMAND_MASK    0xffffu    /* the rest is status, cleared where ones are written */
#define PCI_STATUS_LIST     (1u << 20) /* there are capabilities */

#define PCI_HEADER_TYPE(v) ((v) >> 16 & 0x7f)
#define PCI_HEADER_MULTI   (1u << 23)
#define PCI_HEADER_DEVICE  0
#define PCI_HEADER_BRIDGE  1

#define PCI_BAR_IO      (1u << 0)
#define PCI_BAR_TYPE    (3u << 1)
#define PCI_BAR_64      (2u << 1)
#define PCI_BAR_ADDRESS 0xfffffff0u

/* Behind the header; a capability's first byte is its id, the second where the next one is. */
#define PCI_CAPABILITIES_START 0x40
#define PCI_CONFIG_BYTES       0x100

#define PCI_CAP_VENDOR 0x09
#define PCI_CAP_MSIX   0x11

/* Section 6.8.2: the control word is the upper half of the capability's first one. */
#define PCI_MSIX_SIZE(v) (((v) >> 16 & 0x7ff) + 1)
#define PCI_MSIX_MASK    (1u << 30)
#define PCI_MSIX_ENABLE  (1u << 31)
#define PCI_MSIX_TABLE   4 /* BAR in bits 2:0, offset above */

#define PCI_MSIX_ENTRY_BYTES 16
#define PCI_MSIX_ADDRESS     0
#define PCI_MSIX_DATA        8
#define PCI_MSIX_CONTROL     12 /* bit 0: masked */

#endif
