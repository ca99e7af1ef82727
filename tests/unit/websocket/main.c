/* SPDX-License-Identifier: ISC */
#include "tests/unit/websocket/rig.h"

int main(void)
{
	int failed = websocket_parts_tests();
	failed += websocket_messages_tests();
	failed += websocket_closing_tests();
	return failed != 0;
}
