/* SPDX-License-Identifier: ISC */
/*
 * The Raspberry Pi's mailbox to its firmware, and the tags of its property channel (the wiki of
 * github.com/raspberrypi/firmware: "Mailboxes", "Mailbox property interface").
 */
#ifndef DRIVERS_FIRMWARE_RPI_FIRMWARE_RPI_FIRMWARE_REGS_H
#define DRIVERS_FIRMWARE_RPI_FIRMWARE_RPI_FIRMWARE_REGS_H

/* Mailbox 0 is read by the processor, mailbox 1 written. */
#define MAILBOX_READ         0x00
#define MAILBOX_STATUS       0x18 /* of mailbox 0 */
#define MAILBOX_STATUS_EMPTY 0x40000000u
#define MAILBOX_WRITE        0x20
#define MAILBOX_WRITE_STATUS 0x38 /* of mailbox 1 */
#define MAILBOX_STATUS_FULL  0x80000000u
#define MAILBOX_CHANNEL      0xfu
#define MAILBOX_PROPERTIES   8u

#define PROPERTY_REQUEST    0u
#define PROPERTY_SUCCESS    0x80000000u
#define PROPERTY_TAG_ANSWER 0x80000000u /* in the word with the length */

#define PROPERTY_REVISION       0x00010002u
#define PROPERTY_MAC            0x00010003u
#define PROPERTY_SERIAL         0x00010004u
#define PROPERTY_ARM_MEMORY     0x00010005u
#define PROPERTY_CLOCK_RATE     0x00030002u
#define PROPERTY_TEMPERATURE    0x00030006u
#define PROPERTY_SET_POWER      0x00028001u
/* The chip with more pins (Linux, gpio-raspberrypi-exp.c). */
#define PROPERTY_PIN_STATE      0x00030041u
#define PROPERTY_PIN_CONFIG     0x00030043u
#define PROPERTY_SET_PIN_STATE  0x00038041u
#define PROPERTY_SET_PIN_CONFIG 0x00038043u

#define POWER_ON     0x1u
#define POWER_WAIT   0x2u
#define POWER_ABSENT 0x2u /* in the answer */

#endif
