UNIT_TESTS             += arm_timer
arm_timer_test.modules :=
arm_timer_test.sources := tests/unit/arm_timer/test_scale.c
