/* SPDX-License-Identifier: ISC */
#include "tests/unit/mdns/rig.h"

int main(void)
{
	return run_records() + run_names() + run_answers();
}
