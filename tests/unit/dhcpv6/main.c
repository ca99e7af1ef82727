/* SPDX-License-Identifier: ISC */
#include "tests/unit/dhcpv6/tests.h"

int main(void)
{
	return (message_tests() + client_tests()) != 0;
}
