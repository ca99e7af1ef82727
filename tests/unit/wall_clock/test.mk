UNIT_TESTS              += wall_clock
wall_clock_test.modules := base
wall_clock_test.sources := tests/unit/wall_clock/test_wall_clock.c
