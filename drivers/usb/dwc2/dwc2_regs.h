/* SPDX-License-Identifier: ISC */
/*
 * Registers of the DesignWare USB 2.0 OTG controller ("DWC2") as a host with buffer DMA. There is
 * no public manual of Synopsys'; the same core is described in those of chips that have it
 * (STM32F4xx RM0090, chapter 35; CME-M7 User Guide, chapter 12).
 */
#ifndef DRIVERS_USB_DWC2_DWC2_REGS_H
#define DRIVERS_USB_DWC2_DWC2_REGS_H

#define DWC2_GAHBCFG            0x008
#define DWC2_GAHBCFG_INTERRUPTS (1u << 0) /* of all kinds together */
/* The BCM2835 has in bits 1 to 4, elsewhere the burst length, its own: how long bursts on AXI may
 * be, where 0 is four words, and whether to wait for writes before a transfer counts as done. */
#define DWC2_GAHBCFG_AXI_BURST  (3u << 1)
#define DWC2_GAHBCFG_AXI_WAIT   (1u << 4)
#define DWC2_GAHBCFG_DMA        (1u << 5)

#define DWC2_GUSBCFG            0x00c
#define DWC2_GUSBCFG_PHY_16BIT  (1u << 3)
#define DWC2_GUSBCFG_ULPI       (1u << 4) /* else UTMI+ */
#define DWC2_GUSBCFG_SRP        (1u << 8)
#define DWC2_GUSBCFG_HNP        (1u << 9)
#define DWC2_GUSBCFG_FORCE_HOST (1u << 29)

#define DWC2_GRSTCTL          0x010
#define DWC2_GRSTCTL_CORE     (1u << 0)
#define DWC2_GRSTCTL_RX_FLUSH (1u << 4)
#define DWC2_GRSTCTL_TX_FLUSH (1u << 5)
#define DWC2_GRSTCTL_TX_ALL   (0x10u << 6)
#define DWC2_GRSTCTL_AHB_IDLE (1u << 31)

#define DWC2_GINTSTS         0x014
#define DWC2_GINTMSK         0x018
#define DWC2_GINT_HOST_MODE  (1u << 0)
#define DWC2_GINT_PORT       (1u << 24)
#define DWC2_GINT_CHANNELS   (1u << 25)
#define DWC2_GINT_DISCONNECT (1u << 29)

#define DWC2_GRXFSIZ                0x024
#define DWC2_GNPTXFSIZ              0x028 /* start in the lower half, words in the upper */
#define DWC2_GSNPSID                0x040
#define DWC2_GSNPSID_MASK           0xfffff000u
#define DWC2_GSNPSID_OTG2           0x4f542000u /* "OT2", and the release */
#define DWC2_GHWCFG2                0x048
#define DWC2_GHWCFG2_ARCH           (3u << 3)
#define DWC2_GHWCFG2_ARCH_DMA       (2u << 3)
#define DWC2_GHWCFG2_CHANNELS_SHIFT 14
#define DWC2_GHWCFG2_CHANNELS_MASK  0xfu
#define DWC2_HPTXFSIZ               0x100

#define DWC2_HCFG       0x400
#define DWC2_HCFG_CLOCK (3u << 0) /* 0: 30 or 60 MHz, as UTMI+ has */
#define DWC2_HFNUM      0x408
#define DWC2_HAINT      0x414
#define DWC2_HAINTMSK   0x418

#define DWC2_HPRT                    0x440
#define DWC2_HPRT_CONNECTED          (1u << 0)
#define DWC2_HPRT_CONNECT_DET        (1u << 1) /* these four are cleared by writing 1 … */
#define DWC2_HPRT_ENABLED            (1u << 2) /* … which for this one disables the port */
#define DWC2_HPRT_ENABLE_CHANGE      (1u << 3)
#define DWC2_HPRT_OVERCURRENT_CHANGE (1u << 5)
#define DWC2_HPRT_RESET              (1u << 8)
#define DWC2_HPRT_POWER              (1u << 12)
#define DWC2_HPRT_SPEED_SHIFT        17
#define DWC2_HPRT_SPEED_MASK         3u
#define DWC2_HPRT_CHANGES                                                                          \
	(DWC2_HPRT_CONNECT_DET | DWC2_HPRT_ENABLE_CHANGE | DWC2_HPRT_OVERCURRENT_CHANGE)

#define DWC2_PCGCCTL 0xe00

/* Channel `n`. */
#define DWC2_CHANNEL(n)            (0x500u + 0x20u * (n))
#define DWC2_HCCHAR                0x00
#define DWC2_HCCHAR_ENDPOINT_SHIFT 11
#define DWC2_HCCHAR_IN             (1u << 15)
#define DWC2_HCCHAR_LOW_SPEED      (1u << 17)
#define DWC2_HCCHAR_TYPE_SHIFT     18
#define DWC2_HCCHAR_ONE_A_FRAME    (1u << 20)
#define DWC2_HCCHAR_ADDRESS_SHIFT  22
#define DWC2_HCCHAR_ODD_FRAME      (1u << 29)
#define DWC2_HCCHAR_DISABLE        (1u << 30)
#define DWC2_HCCHAR_ENABLE         (1u << 31)

#define DWC2_HCSPLT           0x04
#define DWC2_HCSPLT_HUB_SHIFT 7
#define DWC2_HCSPLT_WHOLE     (3u << 14) /* all of the data in one transaction */
#define DWC2_HCSPLT_COMPLETE  (1u << 16)
#define DWC2_HCSPLT_ENABLE    (1u << 31)

#define DWC2_HCINT           0x08
#define DWC2_HCINTMSK        0x0c
#define DWC2_HCINT_COMPLETE  (1u << 0)
#define DWC2_HCINT_HALTED    (1u << 1)
#define DWC2_HCINT_AHB_ERROR (1u << 2)
#define DWC2_HCINT_STALL     (1u << 3)
#define DWC2_HCINT_NAK       (1u << 4)
#define DWC2_HCINT_ACK       (1u << 5)
#define DWC2_HCINT_NYET      (1u << 6)
#define DWC2_HCINT_ERROR     (1u << 7)
#define DWC2_HCINT_BABBLE    (1u << 8)
#define DWC2_HCINT_FRAME     (1u << 9)
#define DWC2_HCINT_TOGGLE    (1u << 10)
#define DWC2_HCINT_ALL       0x3fffu

#define DWC2_HCTSIZ               0x10
#define DWC2_HCTSIZ_BYTES         0x7ffffu
#define DWC2_HCTSIZ_PACKETS_SHIFT 19
#define DWC2_HCTSIZ_PACKETS       0x3ffu
#define DWC2_HCTSIZ_PID_SHIFT     29
#define DWC2_HCTSIZ_PID           3u
#define DWC2_PID_DATA0            0u
#define DWC2_PID_DATA1            2u
#define DWC2_PID_SETUP            3u

#define DWC2_HCDMA 0x14

#endif
