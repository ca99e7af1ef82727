/* SPDX-License-Identifier: ISC */
/*
 * Calls to whoever is above: a debugger, the hypervisor, the firmware. Where nobody is, the
 * instruction traps to EL1 as undefined, and vectors.S goes on with the one behind it.
 *
 *      void exit_semihosting(uint64_t operation, const void *block)
 *      void exit_hvc(uint64_t function)
 *      void exit_smc(uint64_t function)
 */
	.section .text.slot_6, "ax"	/* behind a vector: linker/aarch64.ld.S */
	.globl	exit_calls, exit_semihosting, exit_hvc, exit_smc
	.type	exit_semihosting, %function
	.type	exit_hvc, %function
	.type	exit_smc, %function

	/* EXIT_CALLS_BYTES from here. */
exit_calls:
exit_semihosting:
	hlt	#0xf000
	ret
exit_hvc:
	hvc	#0
	ret
exit_smc:
	smc	#0
	ret
