UNIT_TESTS        += acpi
acpi_test.modules := drivers/acpi
acpi_test.sources := tests/unit/acpi/test_acpi.c tests/fakes/acpi_fake.c
