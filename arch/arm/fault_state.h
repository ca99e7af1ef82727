/* SPDX-License-Identifier: ISC */
/*
 * How far the end of the image has come, so that a fault on the way there ends it all the same.
 */
#ifndef ARCH_ARM_FAULT_STATE_H
#define ARCH_ARM_FAULT_STATE_H

enum fault_state {
	FAULT_STATE_RUNNING,
	FAULT_STATE_REPORTING, /* in fault_panic() */
	FAULT_STATE_EXITING,   /* in cpu_exit(), whose calls may turn out to be undefined */
};

extern volatile enum fault_state fault_state;

#endif
