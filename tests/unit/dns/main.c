/* SPDX-License-Identifier: ISC */
#include "tests/unit/dns/rig.h"

int main(void)
{
	return run_names() + run_messages() + run_queries() + run_forgery() + run_cache() +
	       run_tcp();
}
