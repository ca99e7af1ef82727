UNIT_TESTS          += stacks
stacks_test.modules := base
stacks_test.sources := tests/unit/stacks/test_stacks.c runtime/stacks/stacks.c
