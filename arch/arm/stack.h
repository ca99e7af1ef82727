/* SPDX-License-Identifier: ISC */
/*
 * The word at the top of each stack, where a backtrace ends (entry.S writes the boot stack's).
 */
#ifndef ARCH_ARM_STACK_H
#define ARCH_ARM_STACK_H

#define STACK_TOP_MARK 0xfa7a57ac

#endif
